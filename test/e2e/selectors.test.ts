import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { injectorWebhooks, webhookVerdict } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { Injector } from "./injector.js";
import { type Pod, podOf, proxyOf } from "./objects.js";

type Labels = Readonly<Record<string, string>>;

const namespaces: readonly Labels[] = [
  {},
  { "istio.io/rev": "default" },
  { "istio.io/rev": "canary" },
  { "istio.io/rev": "prod" },
  { "istio.io/rev": "other" },
  { "istio-injection": "enabled" },
  { "istio-injection": "disabled" },
  { "istio-injection": "enabled", "istio.io/rev": "canary" },
];
const pods: readonly Labels[] = [
  {},
  { "sidecar.istio.io/inject": "true" },
  { "sidecar.istio.io/inject": "false" },
  { "istio.io/rev": "default" },
  { "istio.io/rev": "canary" },
  { "istio.io/rev": "prod" },
  { "istio.io/rev": "canary", "sidecar.istio.io/inject": "true" },
  { "istio.io/rev": "prod", "sidecar.istio.io/inject": "false" },
];

/** Which injector takes a pod, read off the table of the specification. */
function takers(namespace: Labels, pod: Labels, everything: boolean): Set<string> {
  const found = new Set<string>();
  const legacy = namespace["istio-injection"];
  const namespaceRevision = namespace["istio.io/rev"];
  const revision = pod["istio.io/rev"];
  const asked = pod["sidecar.istio.io/inject"];
  if (asked === "false") return found;
  for (const [label, injector] of [
    ["default", "default"],
    ["canary", "canary"],
    ["prod", "canary"],
  ] as const) {
    if (legacy === undefined && namespaceRevision === label) found.add(injector);
    if (legacy === undefined && namespaceRevision === undefined && revision === label) found.add(injector);
  }
  if (legacy === "enabled") found.add("default");
  const unlabelled = legacy === undefined && namespaceRevision === undefined && revision === undefined;
  if (unlabelled && (asked === "true" || (everything && asked === undefined))) found.add("default");
  return found;
}

describe("which pods reach which injector", () => {
  let plane: ControlPlane;
  const injectors: Injector[] = [];

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    for (const [name, set] of [
      ["default", "revision=default"],
      ["canary", "revision=canary,revisionTags={prod}"],
    ] as const) {
      const injector = await Injector.prepare(plane, { revision: name });
      const names = `fullnameOverride=pillion-${name}`;
      const release = [`pillion-${name}`, chart, "-n", "istio-system", "--set", set, "--set", names];
      const installed = await plane.helm("install", ...release, ...injector.values);
      expect(installed.code, installed.stderr).toBe(0);
      await injector.start(`pillion-${name}`);
      injectors.push(injector);
    }
    for (const [index, labels] of namespaces.entries()) await plane.namespace(`n${index}`, labels);
  });

  afterAll(async () => {
    for (const injector of injectors) await injector.stop();
    await plane?.stop();
  });

  /** The revisions whose injectors the API server called for each pod of a namespace. */
  async function decided(namespace: string): Promise<readonly string[]> {
    const items = pods.map((labels, index) => podOf(`p${index}`, { namespace, labels }));
    const list = { apiVersion: "v1", kind: "List", items };
    const { code, stdout, stderr } = await plane.kubectlWith(
      list,
      "create",
      "--dry-run=server",
      "-f",
      "-",
      "-o",
      "json",
    );
    expect(code, stderr).toBe(0);
    const made = stdout.replace(/\}\n\{/g, "},{");
    const parsed = JSON.parse(made.startsWith("[") ? made : `[${made}]`) as (Pod & { items?: Pod[] })[];
    const found = parsed.flatMap((entry) => entry.items ?? [entry]);
    return found.map((pod) =>
      proxyOf(pod) === undefined ? "" : (pod.metadata.annotations?.["istio.io/rev"] ?? "?"),
    );
  }

  async function compare(everything: boolean): Promise<void> {
    const configurations = injectorWebhooks([
      (await plane.json("get", "mutatingwebhookconfigurations")) as JsonObject,
    ]);
    expect(configurations).toHaveLength(3);
    for (const [index, labels] of namespaces.entries()) {
      const namespaceLabels = { ...labels, "kubernetes.io/metadata.name": `n${index}` };
      const answers = await decided(`n${index}`);
      expect(answers).toHaveLength(pods.length);
      for (const [place, pod] of pods.entries()) {
        const what = `${JSON.stringify(labels)} × ${JSON.stringify(pod)}`;
        const wanted = takers(labels, pod, everything);
        expect([...wanted], what).toEqual(answers[place] === "" ? [] : [answers[place]]);
        const told = configurations
          .map((configuration) => webhookVerdict(configuration, namespaceLabels, pod))
          .filter(({ called }) => called)
          .map(({ revision }) => revision);
        expect(new Set(told), what).toEqual(wanted);
      }
    }
  }

  it("is as the table and `explain` say, for two revisions and a tag", () => compare(false));

  it("is what `pillion explain` prints", async () => {
    const webhooks = join(plane.folder, "webhooks.json");
    writeFileSync(webhooks, JSON.stringify(await plane.json("get", "mutatingwebhookconfigurations")));
    const manifest = join(plane.folder, "pod.json");
    writeFileSync(manifest, JSON.stringify(podOf("p", { namespace: "n3" })));
    const objects = join(plane.folder, "namespace.json");
    writeFileSync(objects, JSON.stringify(await plane.json("get", "namespace", "n3")));
    const { code, stdout, stderr } = await plane.run(
      process.execPath,
      plane.environment.bundle,
      ...["explain", "-f", manifest, "--webhook-config", webhooks, "--objects", objects],
    );
    expect(code, stderr).toBe(0);
    const words = stdout.replaceAll(/\s+/g, " ");
    expect(words).toContain(
      "istio-revision-tag-prod (revision canary) calls: Namespace label istio.io/rev=prod matches",
    );
    expect(words).toContain("istio-sidecar-injector (revision default) does not call");
  });

  it("is as the table says when every namespace is injected", async () => {
    const release = ["pillion-default", chart, "-n", "istio-system", "--reuse-values"];
    const upgraded = await plane.helm(
      "upgrade",
      ...release,
      "--set",
      "webhook.enableNamespacesByDefault=true",
    );
    expect(upgraded.code, upgraded.stderr).toBe(0);
    // The API server learns of the new entries by a watch of its own.
    for (const end = Date.now() + 30_000; (await decided("n0"))[0] !== "default"; )
      if (Date.now() > end) throw new Error("the new entries have no effect");
    await compare(true);
  });

  it("never includes the namespaces that are left alone", async () => {
    for (const namespace of ["kube-system", "kube-public", "kube-node-lease"]) {
      const pod = podOf("p", { namespace, labels: { "sidecar.istio.io/inject": "true" } });
      const { status, text } = await plane.request(
        "POST",
        `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
        pod,
      );
      expect([status, text.includes("istio-proxy")], namespace).toEqual([201, false]);
    }
  });
});
