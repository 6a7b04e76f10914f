import { webcrypto } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueLeaf, type KeyPair } from "../../src/certificates/index.js";
import { MountedFolder } from "../support/mounted-folder.js";
import { caInjector } from "./bundle-writers.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { CreationLoop } from "./creation-loop.js";
import { customResource, node, proxyConfigKind, until } from "./objects.js";
import { Replica } from "./replica.js";
import { ServiceEndpoints } from "./service-endpoints.js";
import { caBundles, TrustProbe } from "./trust-probe.js";

const configuration = "istio-sidecar-injector-pillion";
const name = "pillion.istio-system.svc";
const world = () => ({ crypto: webcrypto as webcrypto.Crypto, now: Date.now() });

interface Secret {
  readonly data: Readonly<Record<string, string>>;
}

describe("the chart's modes of certificates", () => {
  let plane: ControlPlane;
  let running: Replica[] = [];
  let endpoints: ServiceEndpoints | undefined;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.apply(
      proxyConfigKind,
      node("n1", "v1.34.0"),
      customResource("cert-manager.io", "v1", "Issuer", "issuers"),
      customResource("cert-manager.io", "v1", "Certificate", "certificates"),
    );
  });

  afterAll(async () => {
    await endpoints?.stop();
    for (const replica of running) await replica.stop("SIGKILL");
    await plane?.stop();
  });

  async function helm(verb: "install" | "upgrade", mode: string): Promise<void> {
    const values = ["--set", `replicas=0,certificates.mode=${mode}`];
    const outcome = await plane.helm(verb, "pillion", chart, "-n", "istio-system", ...values);
    expect(outcome.code, outcome.stderr).toBe(0);
  }

  /** A folder with the Secret's files, as the kubelet mounts it. */
  async function mounted(folder: string, secret: string): Promise<MountedFolder> {
    const { data } = await plane.json<Secret>("get", "secret", secret, "-n", "istio-system");
    const files = new MountedFolder(join(plane.folder, folder));
    await files.swap(
      Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
      ),
    );
    return files;
  }

  const byFiles = (files: MountedFolder) => [
    `--tls-cert-file=${files.path("tls.crt")}`,
    `--tls-key-file=${files.path("tls.key")}`,
    "--drain-duration=60",
  ];
  const byAuthority = ["--ca-secret=pillion-ca", "--ca-propagation=3", "--drain-duration=60"];

  async function serve(...replicas: Replica[]): Promise<void> {
    await endpoints?.stop();
    for (const replica of running) await replica.stop("SIGKILL");
    // Those of replicas that are gone.
    const service = "kubernetes.io/service-name=pillion";
    await plane.kubectl("delete", "endpointslices", "-n", "istio-system", "-l", service);
    running = replicas;
    for (const replica of replicas) await replica.start();
    endpoints = new ServiceEndpoints(plane, replicas);
    const all = endpoints;
    await until("all are called", () => all.ready.length === replicas.length);
  }

  /** What a Deployment does: a new one is ready before an old one goes. */
  async function roll(olds: readonly Replica[], news: readonly Replica[], loop: CreationLoop): Promise<void> {
    await endpoints?.stop();
    running.push(...news);
    endpoints = new ServiceEndpoints(plane, [...olds, ...news]);
    const all = endpoints;
    for (const replica of news) await replica.start();
    await until("the new ones are called", () => news.every((replica) => all.ready.includes(replica)));
    for (const replica of olds) {
      await all.leave(replica);
      replica.send("SIGTERM");
      await until("it is ending", async () => (await replica.readiness()).includes("is ending"));
      const { count } = loop;
      await until("calls that went elsewhere", () => loop.count > count + 20);
      await replica.stop("SIGKILL");
    }
  }

  it("from Helm's certificate to Pillion's own and back: no pod fails on the way", async () => {
    await helm("install", "helm");
    const old = await Replica.prepare(plane, "helm", byFiles(await mounted("helm", "pillion-tls")));
    await serve(old);
    const before = await caBundles(plane, configuration);
    const loop = new CreationLoop(plane);
    await until("pods", () => loop.count > 20);

    await helm("upgrade", "pillion");
    expect(await caBundles(plane, configuration)).toEqual(before);
    const own = await Replica.prepare(plane, "own", byAuthority);
    await roll([old], [own], loop);

    // A second upgrade neither takes away nor puts back.
    const published = await caBundles(plane, configuration);
    expect(published).not.toEqual(before);
    await helm("upgrade", "pillion");
    expect(await caBundles(plane, configuration)).toEqual(published);

    await helm("upgrade", "helm");
    const again = await Replica.prepare(plane, "again", byFiles(await mounted("again", "pillion-tls")));
    await roll([own], [again], loop);
    await until("pods at the end", () => loop.count > 100);
    await loop.stop();
    expect(loop.faults).toEqual([]);
    expect((await plane.helm("uninstall", "pillion", "-n", "istio-system")).code).toBe(0);
  });

  it("an upgrade and a rollback leave the caBundle that Pillion wrote alone", async () => {
    await helm("install", "pillion");
    expect(await caBundles(plane, configuration)).toEqual(["", ""]);
    await serve(await Replica.prepare(plane, "upgraded", byAuthority));
    const loop = new CreationLoop(plane);
    const published = await caBundles(plane, configuration);
    const { data } = await plane.json<Secret>("get", "secret", "pillion-ca", "-n", "istio-system");
    await helm("upgrade", "pillion");
    expect((await plane.helm("rollback", "pillion", "1", "-n", "istio-system")).code).toBe(0);
    // A tag begins with the bundle of its revision.
    const tags = ["--set", "replicas=0,revisionTags={prod}"];
    expect((await plane.helm("upgrade", "pillion", chart, "-n", "istio-system", ...tags)).code).toBe(0);
    expect(await caBundles(plane, "istio-revision-tag-prod")).toEqual(published);
    expect(await caBundles(plane, configuration)).toEqual(published);
    const after = await plane.json<Secret>("get", "secret", "pillion-ca", "-n", "istio-system");
    expect(after.data).toEqual(data);
    await loop.stop();
    expect(loop.faults).toEqual([]);
    for (const replica of running) await replica.stop("SIGKILL");
    expect((await plane.helm("uninstall", "pillion", "-n", "istio-system")).code).toBe(0);
    const left = await plane.kubectl("get", "secret,lease", "-n", "istio-system", "-o", "name");
    expect(left.stdout).not.toContain("pillion");
  });

  it("cert-manager's: a Secret that changes under the running webhook, and cainjector's annotation", async () => {
    await helm("install", "cert-manager");
    // What cert-manager makes of the chart's Certificate.
    const authority = await createAuthority({ commonName: "cert-manager", days: 10 }, world());
    const issue = async (from: KeyPair) => {
      const leaf = await issueLeaf(from, { names: [name], days: 1 }, world());
      const data = { "tls.crt": leaf.certificatePem, "tls.key": leaf.keyPem, "ca.crt": from.certificatePem };
      await plane.apply({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "pillion-tls", namespace: "istio-system" },
        type: "kubernetes.io/tls",
        stringData: data,
      });
      return data;
    };
    await issue(authority);
    const injector = await caInjector(plane);
    await until("cainjector has written", async () =>
      (await caBundles(plane, configuration)).every((bundle) => bundle === authority.certificatePem),
    );
    const files = await mounted("cert-manager", "pillion-tls");
    const replica = await Replica.prepare(plane, "files", byFiles(files));
    await serve(replica);
    const loop = new CreationLoop(plane);
    const probe = endpoints && new TrustProbe(plane, endpoints);
    for (let renewal = 1; renewal <= 3; renewal++) {
      await files.swap(await issue(authority));
      await until("it is shown", () => (probe?.shown.size ?? 0) > renewal);
    }
    await loop.stop();
    await probe?.stop();
    expect(loop.faults).toEqual([]);
    expect(probe?.faults).toEqual([]);
    expect(await replica.metric("pillion_ca_bundle_mismatch")).toBe(0);

    // Another authority in the Secret alone: that is noticed, and told with the remedy.
    await injector.stop();
    const other = await createAuthority({ commonName: "other", days: 10 }, world());
    await files.swap(await issue(other));
    await until(
      "the mismatch is counted",
      async () => (await replica.metric("pillion_ca_bundle_mismatch")) === 1,
    );
    await until("and told", () => replica.output.includes("the API server does not trust the certificate"));
    const again = await caInjector(plane);
    await until(
      "the mismatch is over",
      async () => (await replica.metric("pillion_ca_bundle_mismatch")) === 0,
    );
    await again.stop();
    expect(await replica.ready()).toBe(true);
  });
});
