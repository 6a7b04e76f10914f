import { webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueLeaf } from "../../src/certificates/index.js";
import { root } from "../support/peer.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { environment } from "./environment.js";
import { Injector } from "./injector.js";
import { pause, podOf, until } from "./objects.js";

interface Review {
  readonly request: {
    readonly dryRun?: boolean;
    readonly userInfo: { readonly username: string };
    readonly object: {
      readonly metadata: {
        readonly name?: string;
        readonly generateName?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly managedFields?: unknown;
        readonly ownerReferences?: readonly { readonly kind: string }[];
      };
      readonly spec: {
        readonly containers: readonly { readonly name: string }[];
        readonly initContainers?: readonly { readonly name: string }[];
      };
    };
  };
}

interface Seen {
  readonly body: string;
  readonly review: Review;
}

/**
 * Stands between the API server and the injector and keeps what is sent. It is what `npm run record` runs, to write the
 * AdmissionReviews of a release to test/fixtures/admission-reviews; in the tests it only proves that they have the form
 * that the fixtures have.
 */
describe("AdmissionReviews of the API server", () => {
  const seen: Seen[] = [];
  let plane: ControlPlane;
  let injector: Injector;
  let recorder: Server;
  let other: Server;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    injector = await Injector.prepare(plane);
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    const authority = await createAuthority({ commonName: "recorder", days: 1 }, world);
    const leaf = await issueLeaf(authority, { names: ["127.0.0.1"], days: 1 }, world);
    const tls = { key: leaf.keyPem, cert: leaf.certificatePem };
    recorder = createServer(tls, async (incoming, outgoing) => {
      const body = await text(incoming);
      seen.push({ body, review: JSON.parse(body) as Review });
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(await forward(`${injector.url}${incoming.url}`, injector.caBundle, body));
    });
    other = createServer(tls, async (incoming, outgoing) => {
      const { request: asked } = JSON.parse(await text(incoming)) as { request: { uid: string } };
      const patch = [{ op: "add", path: "/metadata/annotations/example.com~1other", value: "was here" }];
      const response = {
        uid: asked.uid,
        allowed: true,
        patchType: "JSONPatch",
        patch: Buffer.from(JSON.stringify(patch)).toString("base64"),
      };
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response }));
    });
    const urls = await Promise.all([recorder, other].map(listen));
    const values = join(plane.folder, "recorder.json");
    const webhook = {
      injectionURL: urls[0],
      injectionCABundle: authority.certificatePem,
      reinvocationPolicy: "IfNeeded",
    };
    writeFileSync(values, JSON.stringify({ webhook }));
    const installed = await plane.helm("install", "pillion", chart, "-n", "istio-system", "--values", values);
    expect(installed.code, installed.stderr).toBe(0);
    await injector.start();
    await plane.namespace("shop", { "istio.io/rev": "pillion" });
    await plane.apply({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "zz-other" },
      webhooks: [
        {
          name: "other.example.com",
          clientConfig: { url: urls[1], caBundle: Buffer.from(authority.certificatePem).toString("base64") },
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
          objectSelector: { matchLabels: { other: "yes" } },
        },
      ],
    });
  });

  afterAll(async () => {
    for (const server of [recorder, other]) {
      server?.closeAllConnections();
      server?.close();
    }
    await injector?.stop();
    await plane?.stop();
  });

  /** The first review that is so. */
  async function recorded(what: string, isIt: (request: Review["request"]) => boolean): Promise<Seen> {
    await until(what, () => seen.some(({ review }) => isIt(review.request)));
    const found = seen.find(({ review }) => isIt(review.request));
    if (found === undefined) throw new Error(what);
    keep(what, found.body);
    return found;
  }

  function keep(name: string, body: string): void {
    const { record, kubernetes } = environment();
    if (!record) return;
    const release = /^v(\d+\.\d+)/.exec(kubernetes)?.[1] ?? "unknown";
    const path = join(root, "test", "fixtures", "admission-reviews", `kubernetes-${release}-${name}.json`);
    writeFileSync(path, `${JSON.stringify(JSON.parse(body), null, 1)}\n`);
  }

  const named = (name: string) => (asked: Review["request"]) => asked.object.metadata.name === name;

  it("of kubectl: a name, managed fields", async () => {
    const made = await plane.kubectlWith(podOf("by-kubectl", { namespace: "shop" }), "create", "-f", "-");
    expect(made.code, made.stderr).toBe(0);
    const { review } = await recorded("kubectl", named("by-kubectl"));
    expect(review.request.object.metadata.managedFields).toBeDefined();
    expect(review.request.userInfo.username).toBe("admin");
  });

  it("of a dry run", async () => {
    await plane.kubectlWith(podOf("dry", { namespace: "shop" }), "create", "--dry-run=server", "-f", "-");
    const { review } = await recorded("dry-run", named("dry"));
    expect(review.request.dryRun).toBe(true);
  });

  it("of generateName", async () => {
    const pod = {
      ...podOf("x", { namespace: "shop" }),
      metadata: { generateName: "generated-", namespace: "shop" },
    };
    await plane.kubectlWith(pod, "create", "-f", "-");
    await recorded("generate-name", ({ object }) => object.metadata.generateName === "generated-");
  });

  it("of a ReplicaSet and of a Job", async () => {
    const template = (name: string, more: object) => ({
      metadata: { labels: { app: name } },
      spec: { containers: [{ ...pause, ports: [{ containerPort: 8080 }] }], ...more },
    });
    await plane.apply(
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "cart", namespace: "shop" },
        spec: { selector: { matchLabels: { app: "cart" } }, template: template("cart", {}) },
      },
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "report", namespace: "shop" },
        spec: { template: template("report", { restartPolicy: "Never" }) },
      },
    );
    const owned = (kind: string) => (asked: Review["request"]) =>
      asked.object.metadata.ownerReferences?.[0]?.kind === kind;
    const { review } = await recorded("replicaset", owned("ReplicaSet"));
    expect(review.request.object.metadata.labels?.["pod-template-hash"]).toBeDefined();
    await recorded("job", owned("Job"));
  });

  it("of a re-invocation after another webhook, which brings the injected pod", async () => {
    const pod = podOf("again", { namespace: "shop", labels: { other: "yes" }, annotations: { a: "b" } });
    const made = await plane.kubectlWith(pod, "create", "-f", "-");
    expect(made.code, made.stderr).toBe(0);
    const { review } = await recorded("reinvocation", ({ object }) => {
      const { containers, initContainers = [] } = object.spec;
      return (
        object.metadata.name === "again" &&
        [...initContainers, ...containers].some(({ name }) => name === "istio-proxy")
      );
    });
    expect(review.request.object.metadata.name).toBe("again");
    const stored = await plane.json<Review["request"]["object"]>("get", "pod", "again", "-n", "shop");
    const proxies = [...(stored.spec.initContainers ?? []), ...stored.spec.containers];
    expect(proxies.filter(({ name }) => name === "istio-proxy")).toHaveLength(1);
  });

  it("of kubectl apply on the server's side", async () => {
    await plane.apply(podOf("applied", { namespace: "shop" }));
    await recorded("server-side-apply", named("applied"));
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function forward(url: string, ca: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const call = request(url, { method: "POST", ca, headers }, (response) =>
      text(response).then(resolve, reject),
    );
    call.on("error", reject);
    call.end(body);
  });
}
