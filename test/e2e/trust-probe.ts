import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { onTestFinished } from "vitest";
import type { ControlPlane } from "./control-plane/control-plane.js";
import type { Replica } from "./replica.js";
import type { ServiceEndpoints } from "./service-endpoints.js";

/** One handshake that a client of the published bundle would not have completed. */
export interface Distrust {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: string;
}

interface Configuration {
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: { readonly caBundle?: string };
  }[];
}

/**
 * Shakes hands with each replica that is called, as an API server that has only just heard of the bundle: the API server
 * itself keeps its connections, and would notice a certificate only at the next one. It ends with the test at the latest.
 */
export class TrustProbe {
  readonly faults: Distrust[] = [];
  /** Certificates that were shown, by serial number. */
  readonly shown = new Set<string>();
  count = 0;
  readonly #plane: ControlPlane;
  readonly #endpoints: ServiceEndpoints;
  readonly #configuration: string;
  #running = true;
  readonly #ended: Promise<void>;

  constructor(
    plane: ControlPlane,
    endpoints: ServiceEndpoints,
    configuration = "istio-sidecar-injector-pillion",
  ) {
    this.#plane = plane;
    this.#endpoints = endpoints;
    this.#configuration = configuration;
    this.#ended = this.#run();
    onTestFinished(() => this.stop());
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      await this.#round().catch((error: unknown) =>
        this.faults.push({ at: Date.now(), what: `cannot read the bundles: ${error}` }),
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #round(): Promise<void> {
    const bundles = await caBundles(this.#plane, this.#configuration);
    for (const replica of this.#endpoints.ready)
      for (const bundle of new Set(bundles)) {
        const what = await this.#shake(replica, bundle);
        this.count++;
        // One that has just been taken out may be gone.
        if (what !== undefined && this.#endpoints.ready.includes(replica))
          this.faults.push({ at: Date.now(), what: `${replica.name}: ${what}` });
      }
  }

  #shake(replica: Replica, ca: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const socket = connect({
        host: this.#plane.environment.address,
        port: replica.port,
        servername: "pillion.istio-system.svc",
        ca,
        timeout: 20_000,
      });
      socket.once("secureConnect", () => {
        const certificate = socket.getPeerX509Certificate();
        if (certificate !== undefined) this.shown.add(certificate.serialNumber);
        socket.destroy();
        resolve(undefined);
      });
      socket.once("error", (error) => resolve(error.message));
      socket.once("timeout", () => {
        socket.destroy();
        resolve("no answer");
      });
    });
  }
}

/** The bundles of a configuration's entries, PEM, in their order. */
export async function caBundles(plane: ControlPlane, configuration: string): Promise<readonly string[]> {
  const path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
  const { text } = await plane.request("GET", `${path}/${configuration}`);
  const { webhooks } = JSON.parse(text) as Configuration;
  return webhooks.map(({ clientConfig }) =>
    Buffer.from(clientConfig.caBundle ?? "", "base64").toString("utf8"),
  );
}

/** The serial numbers of a bundle's certificates. */
export function serialNumbers(bundle: string): readonly string[] {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((pem) => new X509Certificate(pem).serialNumber);
}
