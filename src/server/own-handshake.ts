import { shakeHands } from "./handshake.js";
import type { Check } from "./readiness.js";
import type { TlsPolicy } from "./tls-policy.js";

/** Remembers how the last handshake with the own TLS port went: a server that fails them is not ready. */
export class OwnHandshake {
  readonly #policy: TlsPolicy;
  readonly #timeoutMs: number;
  #ok = false;
  #detail = "not tried yet";

  constructor(policy: TlsPolicy, timeoutMs: number) {
    this.#policy = policy;
    this.#timeoutMs = timeoutMs;
  }

  get check(): Check {
    return { name: "tls-handshake", run: () => ({ ok: this.#ok, detail: this.#detail }) };
  }

  /** Shakes hands once. @throws ServerError `handshake-failed` */
  async run({ address, port }: { address: string; port: number }, fingerprint: string): Promise<void> {
    const { ecdhCurve } = this.#policy;
    const anywhere = address === "::" || address === "0.0.0.0";
    try {
      await shakeHands({
        // Whichever family loopback has.
        host: anywhere ? "localhost" : address,
        port,
        fingerprint,
        timeoutMs: this.#timeoutMs,
        ...(ecdhCurve === undefined ? {} : { ecdhCurve }),
      });
      this.#ok = true;
      this.#detail = `done on port ${port}`;
    } catch (error) {
      this.#ok = false;
      this.#detail = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }
}
