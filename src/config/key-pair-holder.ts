import { CertificateError, type CheckedKeyPair, checkKeyPair, type KeyPair } from "../certificates/index.js";
import type { Log, Metrics } from "../telemetry/index.js";

/** What a holder of a pair needs of the world. */
export interface KeyPairHolderOptions {
  /** Names the certificate must be for. */
  readonly names: readonly string[];
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Holds the certificate and key in use. A pair that is not sound changes nothing: the old one stays. */
export class KeyPairHolder {
  readonly #options: KeyPairHolderOptions;
  readonly #listeners: ((pair: CheckedKeyPair) => void)[] = [];
  #current: CheckedKeyPair;
  #failure: string | undefined;

  /** Takes the first pair. @throws CertificateError when it is not sound */
  constructor(pair: KeyPair, options: KeyPairHolderOptions) {
    this.#options = options;
    this.#current = this.#check(pair);
    this.#report("certificate in use");
  }

  /** The pair in use. */
  get current(): CheckedKeyPair {
    return this.#current;
  }

  /** Why the last pair was refused; undefined when the newest is in use. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Calls back with every pair that is taken from now on. */
  onChange(listener: (pair: CheckedKeyPair) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes a pair when it is sound. Tells whether it is in use now. */
  offer(pair: KeyPair): boolean {
    try {
      const checked = this.#check(pair);
      for (const listener of this.#listeners) listener(checked);
      this.#current = checked;
      this.#failure = undefined;
    } catch (error) {
      this.refuse(error);
      return false;
    }
    this.#options.metrics.increment("pillion_certificate_reloads_total", { result: "taken" });
    this.#report("certificate swapped");
    return true;
  }

  /** Notes that a new pair could not be taken; also one that could not be read. */
  refuse(error: unknown): void {
    const { log, metrics } = this.#options;
    this.#failure = error instanceof Error ? error.message : String(error);
    metrics.increment("pillion_certificate_reloads_total", { result: "refused" });
    metrics.set("pillion_certificate_last_reload_successful", 0);
    log.error("certificate refused, the old one stays in use", {
      error: this.#failure,
      ...(error instanceof CertificateError ? { code: error.code } : {}),
    });
  }

  #check(pair: KeyPair): CheckedKeyPair {
    return checkKeyPair(pair, { now: this.#options.now(), names: this.#options.names });
  }

  #report(message: string): void {
    const { info } = this.#current;
    this.#options.metrics.set("pillion_certificate_expiry_timestamp_seconds", info.notAfter / 1000);
    this.#options.metrics.set("pillion_certificate_last_reload_successful", 1);
    this.#options.log.info(message, {
      names: info.names.join(","),
      serialNumber: info.serialNumber,
      expires: new Date(info.notAfter).toISOString(),
    });
  }
}
