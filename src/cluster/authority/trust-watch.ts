import { trusts } from "../../certificates/index.js";
import type { Log, Metrics } from "../../telemetry/index.js";
import {
  type InjectorEntry,
  isOwnEntry,
  type OwnAddress,
  readWebhookConfiguration,
} from "../webhook-configuration.js";
import type { ObjectsWatch } from "./objects-watch.js";

/** What a watch of trust needs of the world. */
export interface TrustWatchWorld {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

// A certificate and its bundle that are changed one after the other are no news; the metric tells at once.
const patienceMs = 3000;

/**
 * Verifies what is served against the bundles that the API server is told to trust, whoever writes them: in every
 * configuration that calls this injector. Tells by metric, and by a line that names entry and remedy.
 */
export class TrustWatch {
  readonly #configurations: ObjectsWatch;
  readonly #own: OwnAddress;
  readonly #remedy: string;
  readonly #world: TrustWatchWorld;
  #served: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #told = "";

  /** @param remedy what an operator does about a bundle that does not fit */
  constructor(configurations: ObjectsWatch, own: OwnAddress, remedy: string, world: TrustWatchWorld) {
    this.#configurations = configurations;
    this.#own = own;
    this.#remedy = remedy;
    this.#world = world;
    configurations.onChange(() => this.#look());
  }

  /** Tells which certificate is served from now on, PEM with its intermediates. */
  serves(certificatePem: string): void {
    this.#served = certificatePem;
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#configurations.close();
  }

  #look(): void {
    const found = this.#mismatches();
    this.#world.metrics.set("pillion_ca_bundle_mismatch", found.length > 0 ? 1 : 0);
    clearTimeout(this.#timer);
    if (found.join() === this.#told) return;
    this.#timer = setTimeout(() => this.#tell(found), patienceMs);
    this.#timer.unref();
  }

  #tell(found: readonly string[]): void {
    this.#told = found.join();
    const { log } = this.#world;
    if (found.length === 0) log.info("the API server trusts the certificate again");
    else
      log.error("the API server does not trust the certificate, and refuses pods", {
        entries: found.join(", "),
        remedy: this.#remedy,
      });
  }

  #mismatches(): readonly string[] {
    const served = this.#served;
    if (served === undefined || !this.#configurations.known) return [];
    const now = this.#world.now();
    return this.#configurations.objects
      .map(readWebhookConfiguration)
      .flatMap(({ name, entries }) =>
        entries
          .filter((entry) => isOwnEntry(entry, this.#own) && !accepts(entry, served, now))
          .map((entry) => `MutatingWebhookConfiguration ${name}, ${entry.name}`),
      );
  }
}

/** Without a bundle the API server trusts public authorities, which certify URLs and no Services. */
function accepts({ caBundle, url }: InjectorEntry, served: string, now: number): boolean {
  return caBundle === "" ? url !== undefined : trusts(caBundle, served, now);
}
