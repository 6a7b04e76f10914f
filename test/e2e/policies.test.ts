import { webcrypto } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority } from "../../src/certificates/index.js";
import { type BundleWriter, configurationOf, istioPatcher } from "./bundle-writers.js";
import { chart } from "./chart.js";
import { ControlPlane, type Answer } from "./control-plane/control-plane.js";
import { CreationLoop } from "./creation-loop.js";
import { customResource, node, proxyConfigKind, until } from "./objects.js";
import { Replica } from "./replica.js";
import { ServiceEndpoints } from "./service-endpoints.js";
import { caBundles } from "./trust-probe.js";

const configurationsPath = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
const configuration = "istio-sidecar-injector-pillion";
const policies = ["own-webhooks", "own-objects", "ca-bundle"].map((name) => `pillion-istio-system-${name}`);
const pillion = "system:serviceaccount:istio-system:pillion";
const istiod = "system:serviceaccount:istio-system:istiod";
const cainjector = "system:serviceaccount:cert-manager:cert-manager-cainjector";
const args = ["--ca-secret=pillion-ca", "--ca-propagation=3", "--drain-duration=0"];

/** One operation of a JSON Patch. */
type Operation = Readonly<Record<"op" | "path", string>> & {
  readonly value?: unknown;
  readonly from?: string;
};

/** What Pillion's ServiceAccount never does, although RBAC lets it patch the object. */
const foreignChanges: readonly (readonly [what: string, changes: readonly Operation[]])[] = [
  ["the failure policy", [{ op: "replace", path: "/webhooks/0/failurePolicy", value: "Ignore" }]],
  ["the time limit", [{ op: "replace", path: "/webhooks/0/timeoutSeconds", value: 1 }]],
  ["what is matched", [{ op: "replace", path: "/webhooks/0/rules/0/operations", value: ["*"] }]],
  ["the namespaces", [{ op: "replace", path: "/webhooks/0/namespaceSelector", value: {} }]],
  ["the pods", [{ op: "replace", path: "/webhooks/1/objectSelector", value: {} }]],
  ["the match conditions", [{ op: "remove", path: "/webhooks/0/matchConditions" }]],
  ["the match policy", [{ op: "replace", path: "/webhooks/0/matchPolicy", value: "Exact" }]],
  ["the reinvocation policy", [{ op: "replace", path: "/webhooks/0/reinvocationPolicy", value: "IfNeeded" }]],
  ["the side effects", [{ op: "replace", path: "/webhooks/0/sideEffects", value: "NoneOnDryRun" }]],
  ["the versions", [{ op: "add", path: "/webhooks/0/admissionReviewVersions/-", value: "v1beta1" }]],
  ["the name", [{ op: "replace", path: "/webhooks/0/name", value: "a.sidecar-injector.istio.io" }]],
  ["the path", [{ op: "replace", path: "/webhooks/0/clientConfig/service/path", value: "/inject/net/n2" }]],
  ["the port", [{ op: "replace", path: "/webhooks/0/clientConfig/service/port", value: 15017 }]],
  ["the Service", [{ op: "replace", path: "/webhooks/0/clientConfig/service/name", value: "other" }]],
  [
    "the address",
    [{ op: "replace", path: "/webhooks/0/clientConfig", value: { url: "https://a.example.com" } }],
  ],
  ["the order", [{ op: "move", from: "/webhooks/0", path: "/webhooks/1" }]],
  ["the number, by one less", [{ op: "remove", path: "/webhooks/1" }]],
  [
    "the number, by one more",
    [
      { op: "copy", from: "/webhooks/0", path: "/webhooks/2" },
      { op: "replace", path: "/webhooks/2/name", value: "a.sidecar-injector.istio.io" },
    ],
  ],
  ["a label", [{ op: "add", path: "/metadata/labels/a", value: "b" }]],
  ["a label that is there", [{ op: "remove", path: "/metadata/labels/app" }]],
  ["an annotation", [{ op: "add", path: "/metadata/annotations/a", value: "b" }]],
  ["the finalizers", [{ op: "add", path: "/metadata/finalizers", value: ["example.com/kept"] }]],
];

describe("the chart's admission policies", () => {
  let plane: ControlPlane;
  let replica: Replica;
  let endpoints: ServiceEndpoints;
  let foreign: string;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.apply(
      proxyConfigKind,
      node("n1", "v1.34.0"),
      customResource("cert-manager.io", "v1", "Issuer", "issuers"),
      customResource("cert-manager.io", "v1", "Certificate", "certificates"),
      ...mayPatch("istiod", istiod),
      ...mayPatch("cainjector", cainjector),
    );
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    foreign = (await createAuthority({ commonName: "istiod", days: 1 }, world)).certificatePem;
    await helm("install");
    replica = await Replica.prepare(plane, "a", args);
    endpoints = new ServiceEndpoints(plane, [replica]);
    await replica.start();
    await until("it is called", () => endpoints.ready.length === 1);
    for (const policy of policies) await until(`${policy} was looked at`, () => isChecked(policy));
    await until("the bundle is guarded", async () => (await writeBundle("admin", foreign)).status === 422);
  });

  afterAll(async () => {
    await endpoints?.stop();
    await replica?.stop("SIGKILL");
    await plane?.stop();
  });

  async function helm(verb: "install" | "upgrade", ...values: readonly string[]): Promise<void> {
    const settings = ["replicas=0", ...values].flatMap((value) => ["--set", value]);
    const outcome = await plane.helm(verb, "pillion", chart, "-n", "istio-system", ...settings);
    expect(outcome.code, outcome.stderr).toBe(0);
  }

  async function typeChecks(policy: string) {
    const { metadata, status = {} } = await plane.json<{
      metadata: { generation: number };
      status?: { observedGeneration?: number; typeChecking?: { expressionWarnings?: readonly object[] } };
    }>("get", "validatingadmissionpolicy", policy);
    return { seen: status.observedGeneration === metadata.generation, ...status.typeChecking };
  }

  const isChecked = async (policy: string) => (await typeChecks(policy)).seen;

  /** Changes a configuration in dry run, as somebody. */
  function patch(user: string, name: string, ...operations: readonly Operation[]): Promise<Answer> {
    return plane.request("PATCH", `${configurationsPath}/${name}?dryRun=All`, operations, {
      contentType: "application/json-patch+json",
      ...(user === "admin" ? {} : { user }),
    });
  }

  /** Writes the bundle of one webhook in dry run; the empty one takes it away. */
  function writeBundle(user: string, caBundle: string, name = configuration, index = 0): Promise<Answer> {
    const path = `/webhooks/${index}/clientConfig/caBundle`;
    const value = Buffer.from(caBundle).toString("base64");
    return patch(user, name, caBundle === "" ? { op: "remove", path } : { op: "add", path, value });
  }

  function expectDenied({ status, text }: Answer, policy: string, message: RegExp): void {
    expect(status, text).toBe(422);
    expect(text).toContain(`ValidatingAdmissionPolicy 'pillion-istio-system-${policy}'`);
    expect(text).toMatch(message);
  }

  /** Creates a Secret or a Lease in dry run. */
  function createAs(user: string, object: { apiVersion: string; kind: string }, metadata: object) {
    const { apiVersion, kind } = object;
    const group = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    const path = `${group}/namespaces/istio-system/${kind.toLowerCase()}s?dryRun=All`;
    return plane.request("POST", path, { ...object, metadata }, { user });
  }

  const allowed = { status: 200 };

  it.each(policies)("%s has no expression that Kubernetes warns of", async (policy) => {
    expect((await typeChecks(policy)).expressionWarnings ?? []).toEqual([]);
  });

  describe("let Pillion's ServiceAccount", () => {
    it.each(foreignChanges)("never change %s", async (_what, changes) => {
      // The administrator may: the API server takes the change as such.
      expect(await patch("admin", configuration, ...changes)).toMatchObject(allowed);
      expectDenied(await patch(pillion, configuration, ...changes), "own-webhooks", /Pillion may/);
    });

    it("write the caBundle of its own webhooks, and take it away", async () => {
      for (const bundle of [foreign, ""]) expect(await writeBundle(pillion, bundle)).toMatchObject(allowed);
    });

    it("never write the caBundle of a webhook that calls somebody else, also beside its own", async () => {
      const { webhooks } = await configurationOf(plane, configuration);
      const [own] = webhooks;
      const others = [
        { service: { name: "istiod", namespace: "istio-system" } },
        { service: { name: "pillion", namespace: "elsewhere" } },
        { url: "https://pillion.istio-system.svc/inject" },
      ].map((clientConfig, index) => ({
        ...own,
        name: `other-${index}.sidecar-injector.istio.io`,
        clientConfig: { caBundle: Buffer.from(foreign).toString("base64"), ...clientConfig },
      }));
      await plane.apply(unused("mixed", [own, ...others]));
      for (const index of [1, 2, 3])
        for (const bundle of [(await caBundles(plane, configuration))[0] ?? "", ""])
          expectDenied(
            await writeBundle(pillion, bundle, "mixed", index),
            "own-webhooks",
            /call pillion\.istio-system, and of no other/,
          );
      expect(await writeBundle(pillion, foreign, "mixed", 0)).toMatchObject(allowed);
      await plane.kubectl("delete", "mutatingwebhookconfiguration", "mixed");
    });

    it.each([
      ["a Secret", { kind: "Secret", apiVersion: "v1", type: "Opaque" }],
      ["a Lease", { kind: "Lease", apiVersion: "coordination.k8s.io/v1" }],
    ])("create %s of its own name alone", async (_what, object) => {
      const create = (name: string) => createAs(pillion, object, { name });
      expectDenied(await create("other"), "own-objects", /the Secret and the Lease pillion-ca, and no other/);
      // It is there, so that the API server says so after admission.
      expect((await create("pillion-ca")).status).toBe(409);
    });

    it("create no Secret into which another ServiceAccount's token is filled", async () => {
      const metadata = {
        name: "pillion-ca",
        annotations: { "kubernetes.io/service-account.name": "default" },
      };
      const token = { apiVersion: "v1", kind: "Secret", type: "kubernetes.io/service-account-token" };
      expectDenied(await createAs(pillion, token, metadata), "own-objects", /of the type Opaque/);
    });

    it("do all that it has to do: nothing it asked for was denied", async () => {
      const denied = plane
        .audit()
        .filter(
          ({ user, responseStatus }) =>
            user.username === pillion && [403, 422].includes(responseStatus?.code ?? 0),
        );
      expect(denied).toEqual([]);
      expect(replica.output).toContain("caBundle written");
    });
  });

  describe("keep the caBundle", () => {
    it.each([
      ["the administrator", "admin"],
      ["istiod", istiod],
      ["cert-manager's cainjector", cainjector],
    ])("from %s, who may change the object otherwise", async (_who, user) => {
      for (const bundle of [foreign, ""])
        expectDenied(
          await writeBundle(user, bundle),
          "ca-bundle",
          /may not change the caBundle .*caBundleWriters/,
        );
      const timeout = { op: "replace", path: "/webhooks/0/timeoutSeconds", value: 3 };
      expect(await patch(user, configuration, timeout)).toMatchObject(allowed);
    });

    it("from a webhook that comes new or under another name, and let one with the same caBundle in", async () => {
      const { webhooks } = await configurationOf(plane, configuration);
      const [own] = webhooks;
      const added = (caBundle: string | undefined): Operation => ({
        op: "add",
        path: "/webhooks/-",
        value: {
          ...own,
          name: "new.sidecar-injector.istio.io",
          clientConfig: { ...own?.clientConfig, caBundle },
        },
      });
      const encoded = Buffer.from(foreign).toString("base64");
      expectDenied(await patch("admin", configuration, added(encoded)), "ca-bundle", /may not change/);
      expect(await patch("admin", configuration, added(own?.clientConfig.caBundle))).toMatchObject(allowed);
      expect(await patch("admin", configuration, added(undefined))).toMatchObject(allowed);
      const renamed: Operation = {
        op: "replace",
        path: "/webhooks/0/name",
        value: "a.sidecar-injector.istio.io",
      };
      expect(await patch("admin", configuration, renamed)).toMatchObject(allowed);
      const bundle: Operation = { op: "add", path: "/webhooks/0/clientConfig/caBundle", value: encoded };
      expectDenied(await patch("admin", configuration, renamed, bundle), "ca-bundle", /may not change/);
    });

    it("and leave alone what calls somebody else, or is made to", async () => {
      const elsewhere: Operation = {
        op: "replace",
        path: "/webhooks/0/clientConfig",
        value: {
          service: { name: "istiod", namespace: "istio-system" },
          caBundle: Buffer.from(foreign).toString("base64"),
        },
      };
      expect(await patch("admin", configuration, elsewhere)).toMatchObject(allowed);
      const [own] = (await configurationOf(plane, configuration)).webhooks;
      const clientConfig = { service: { name: "istiod", namespace: "istio-system" } };
      await plane.apply(unused("istiods", [{ ...own, clientConfig }]));
      expect(await writeBundle(istiod, foreign, "istiods")).toMatchObject(allowed);
      await plane.kubectl("delete", "mutatingwebhookconfiguration", "istiods");
    });

    it("while somebody writes it again and again: no pod fails", async () => {
      const ours = await caBundles(plane, configuration);
      const loop = new CreationLoop(plane);
      const encoded = Buffer.from(foreign).toString("base64");
      for (let round = 0; round < 12; round++) {
        const { webhooks, ...rest } = await configurationOf(plane, configuration);
        const caBundle = round % 2 === 0 ? encoded : undefined;
        const overwritten = webhooks.map((webhook) => ({
          ...webhook,
          clientConfig: { ...webhook.clientConfig, caBundle },
        }));
        const path = `${configurationsPath}/${configuration}`;
        const { status, text } = await plane.request("PUT", path, { ...rest, webhooks: overwritten });
        expect(status, text).toBe(422);
        const { count } = loop;
        await until("pods in between", () => loop.count > count + 10);
      }
      await loop.stop();
      expect(await caBundles(plane, configuration)).toEqual(ours);
      expect(loop.count).toBeGreaterThan(120);
      expect(loop.faults).toEqual([]);
    });

    it("unless the writer is named, a user or a group", async () => {
      await helm("upgrade", `admissionPolicies.caBundleWriters.users={${istiod}}`);
      await until("it may", async () => (await writeBundle(istiod, foreign)).status === 200);
      expectDenied(await writeBundle(cainjector, foreign), "ca-bundle", /may not/);
      const group = "system:serviceaccounts:cert-manager";
      await helm("upgrade", `admissionPolicies.caBundleWriters.groups={${group}}`);
      await until("it may", async () => (await writeBundle(cainjector, foreign)).status === 200);
      expectDenied(await writeBundle(istiod, foreign), "ca-bundle", /may not/);
      await helm("upgrade");
      await until("it may no more", async () => (await writeBundle(cainjector, foreign)).status === 422);
    });
  });

  it("hold for an injector behind a URL as well, by the beginning of the URL", async () => {
    await plane.namespace("far");
    const settings = "webhook.injectionURL=https://far.example.com/a/";
    const installed = await plane.helm("install", "far", chart, "-n", "far", "--set", settings);
    expect(installed.code, installed.stderr).toBe(0);
    const name = "istio-sidecar-injector-pillion-far";
    const account = "system:serviceaccount:far:far-pillion";
    const { webhooks } = await configurationOf(plane, name);
    expect(webhooks[0]?.clientConfig).toEqual({ url: "https://far.example.com/a/inject" });
    await until(
      "the bundle is guarded",
      async () => (await writeBundle("admin", foreign, name)).status === 422,
    );
    expect(await writeBundle(account, foreign, name)).toMatchObject(allowed);
    const lookalikes = ["https://far.example.com/ab", "https://far.example.com.example.org/a/inject"];
    await plane.apply(
      unused(
        "far-others",
        lookalikes.map((url, index) => ({
          ...webhooks[0],
          name: `other-${index}.sidecar-injector.istio.io`,
          clientConfig: { url },
        })),
      ),
    );
    for (const index of lookalikes.keys()) {
      const denied = await writeBundle(account, foreign, "far-others", index);
      expect(denied.text).toContain(
        "Pillion may change the caBundle of webhooks that call https://far.example.com/a/",
      );
      expect(await writeBundle("admin", foreign, "far-others", index)).toMatchObject(allowed);
    }
    await plane.kubectl("delete", "mutatingwebhookconfiguration", "far-others");
    expect((await plane.helm("uninstall", "far", "-n", "far")).code).toBe(0);
  });

  describe("let those who look after an installation go on", () => {
    it("helm upgrade with tags and other webhooks, and helm rollback", async () => {
      const ours = (await caBundles(plane, configuration))[0] ?? "";
      await helm("upgrade", "revisionTags={prod,default}", "webhook.enableNamespacesByDefault=true");
      await helm(
        "upgrade",
        "revisionTags={prod}",
        "webhook.timeoutSeconds=7",
        "webhook.failurePolicy=Ignore",
      );
      expect(await caBundles(plane, "istio-revision-tag-prod")).toEqual([ours, ours]);
      const back = await plane.helm("rollback", "pillion", "1", "-n", "istio-system");
      expect(back.code, back.stderr).toBe(0);
      expect(await caBundles(plane, configuration)).toEqual([ours, ours]);
    });

    it("pillion tag set, again over it, and remove", async () => {
      const tag = async (...rest: readonly string[]) => {
        const outcome = await plane.run(process.execPath, plane.environment.bundle, "tag", ...rest);
        expect(outcome.code, outcome.stderr).toBe(0);
      };
      await tag("set", "canary", "--revision=pillion");
      const ours = await caBundles(plane, configuration);
      expect(await caBundles(plane, "istio-revision-tag-canary")).toEqual(ours);
      expectDenied(await writeBundle("admin", foreign, "istio-revision-tag-canary"), "ca-bundle", /may not/);
      await tag("set", "canary", "--revision=pillion", "--overwrite");
      await tag("remove", "canary", "--yes");
    });

    it("a writer like istiod's of the same revision, which is refused instead of fought with", async () => {
      const ours = await caBundles(plane, configuration);
      let patcher: BundleWriter | undefined;
      const loop = new CreationLoop(plane);
      try {
        patcher = await istioPatcher(plane, "pillion", foreign, istiod);
        await until("it was refused", () => (patcher?.denials() ?? 0) > 0);
        const { count } = loop;
        await until("pods meanwhile", () => loop.count > count + 50);
      } finally {
        await patcher?.stop();
        await loop.stop();
      }
      expect(patcher?.writes()).toBe(0);
      expect(loop.faults).toEqual([]);
      expect(await caBundles(plane, configuration)).toEqual(ours);
    });

    it("a change of the mode of certificates by whoever may delete the policy, and by nobody else", async () => {
      const annotation: Operation = { op: "remove", path: "/metadata/annotations/pillion.dev~1ca-bundle" };
      const value = Buffer.from(foreign).toString("base64");
      const bundle: Operation = { op: "add", path: "/webhooks/0/clientConfig/caBundle", value };
      expectDenied(await patch(istiod, configuration, annotation, bundle), "ca-bundle", /may not/);
      expect(await patch("admin", configuration, annotation, bundle)).toMatchObject(allowed);
      await replica.stop();
      await helm("upgrade", "certificates.mode=helm");
      const left = await plane.kubectl("get", "validatingadmissionpolicies", "-o", "name");
      expect(left.stdout).not.toContain("pillion");
    });

    it("cert-manager's cainjector alone, where it is named", async () => {
      const writers = `admissionPolicies.caBundleWriters.users={${cainjector}}`;
      await helm("upgrade", "certificates.mode=cert-manager", writers);
      await until("the bundle is guarded", async () => (await writeBundle("admin", foreign)).status === 422);
      expect(await writeBundle(cainjector, foreign)).toMatchObject(allowed);
      // It is not granted that in this mode.
      expect(await writeBundle(pillion, foreign)).toMatchObject({
        status: 403,
        text: expect.stringContaining("cannot patch resource"),
      });
    });

    it("helm uninstall, which leaves no policy", async () => {
      const gone = await plane.helm("uninstall", "pillion", "-n", "istio-system");
      expect(gone.code, gone.stderr).toBe(0);
      const kinds =
        "validatingadmissionpolicies,validatingadmissionpolicybindings,mutatingwebhookconfigurations";
      expect((await plane.kubectl("get", kinds, "-o", "name")).stdout).not.toContain("pillion");
    });
  });
});

/** A ServiceAccount's right to change webhook configurations, as istiod and cainjector have it. */
function mayPatch(name: string, user: string): readonly object[] {
  const [, , namespace, account] = user.split(":");
  const metadata = { name: `${name}-webhooks` };
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata,
      rules: [
        {
          apiGroups: ["admissionregistration.k8s.io"],
          resources: ["mutatingwebhookconfigurations"],
          verbs: ["get", "list", "watch", "update", "patch"],
        },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
  ];
}

/** A configuration that no pod reaches. */
function unused(name: string, webhooks: readonly (object | undefined)[]): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name },
    webhooks: webhooks.map((webhook) => ({
      ...webhook,
      namespaceSelector: { matchLabels: { "example.com/never": "true" } },
    })),
  };
}
