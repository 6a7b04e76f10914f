import { spawn } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CheckReport } from "../../src/cluster/index.js";
import { chart } from "./chart.js";
import { ControlPlane, type Outcome } from "./control-plane/control-plane.js";
import { CreationLoop, createPod } from "./creation-loop.js";
import { Injector } from "./injector.js";
import { type Pod, proxyOf, until } from "./objects.js";

interface Configuration {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: object;
    readonly namespaceSelector: object;
    readonly objectSelector: object;
    readonly matchConditions?: readonly { readonly name: string }[];
  }[];
}

const configurationsPath = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

/** Each way in which a pod chooses the default. */
const choices = [
  { namespace: "legacy", labels: {} },
  { namespace: "by-revision", labels: {} },
  { namespace: "plain", labels: { "sidecar.istio.io/inject": "true" } },
  { namespace: "plain", labels: { "istio.io/rev": "default" } },
] as const;

/** Creates pods that choose the default in every way. */
class DefaultLoop extends CreationLoop {
  /** Who injected, each time somebody else does. */
  readonly owners: string[];

  constructor(plane: ControlPlane, prefix: string) {
    const owners: string[] = [];
    const pod = (index: number) => choices[index % choices.length] ?? choices[0];
    const look = (one: Pod) => {
      const owner = ownerOf(one);
      if (owner !== owners.at(-1)) owners.push(owner);
      return undefined;
    };
    super(plane, { prefix, pod, look });
    this.owners = owners;
  }
}

/** The revision of the injector that a pod went through; empty for none. */
function ownerOf(pod: Pod): string {
  return proxyOf(pod) === undefined ? "" : (pod.metadata.annotations?.["istio.io/rev"] ?? "?");
}

describe("pillion tag", () => {
  let plane: ControlPlane;
  const injectors: Injector[] = [];
  /** What Helm installed: each test begins with it, whatever became of the one before. */
  let beginning: readonly Configuration[] = [];

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    // One has native sidecars and the other has not: a pod that went through both would have two proxies.
    for (const [release, revision, native] of [
      ["istiod", "default", "true"],
      ["pillion", "pillion", "false"],
    ] as const) {
      const injector = await Injector.prepare(plane, { revision, args: [`--native-sidecars=${native}`] });
      const set = `revision=${revision},fullnameOverride=${release}`;
      const names = [release, chart, "-n", "istio-system", "--set", set];
      const installed = await plane.helm("install", ...names, ...injector.values);
      expect(installed.code, installed.stderr).toBe(0);
      await injector.start(release);
      injectors.push(injector);
    }
    await plane.namespace("legacy", { "istio-injection": "enabled" });
    await plane.namespace("by-revision", { "istio.io/rev": "default" });
    await plane.namespace("plain");
    await plane.namespace("shop", { "istio.io/rev": "prod" });
    await until("istiod's stand-in injects", async () => (await owner("legacy")) === "default");
    beginning = await configurations();
  });

  afterEach(async () => {
    const now = await configurations();
    const same = new Set(now.filter((one) => beginning.some((old) => isDeepStrictEqual(old, one))));
    for (const { metadata } of now.filter((one) => !same.has(one)))
      await plane.request("DELETE", `${configurationsPath}/${metadata.name}`);
    for (const one of beginning.filter((old) => ![...same].some((kept) => isDeepStrictEqual(old, kept)))) {
      const { status, text } = await plane.request("POST", configurationsPath, one);
      expect(status, text).toBe(201);
    }
    await until("istiod's stand-in injects", async () => (await owner("legacy")) === "default");
  });

  afterAll(async () => {
    for (const injector of injectors) await injector.stop();
    await plane?.stop();
  });

  function tag(...args: readonly string[]): Promise<Outcome> {
    return plane.run(process.execPath, plane.environment.bundle, "tag", ...args);
  }

  /** What `pillion check` says of other injectors. */
  async function rivals(): Promise<readonly (readonly [code: string, object: string])[]> {
    const args = ["check", "--injector-namespace=istio-system", "-o", "json"];
    const { stdout, stderr } = await plane.run(process.execPath, plane.environment.bundle, ...args);
    if (stdout === "") throw new Error(stderr);
    const { findings } = JSON.parse(stdout) as CheckReport;
    return findings
      .filter(({ check, revision }) => check === "rivals" && revision === "pillion")
      .map(({ code, object }) => [code, object] as const);
  }

  async function owner(namespace: string): Promise<string> {
    const { status, text } = await createPod(plane, "p", { namespace });
    return status === 201 ? ownerOf(JSON.parse(text) as Pod) : `${status}`;
  }

  const read = (name: string) => plane.json<Configuration>("get", "mutatingwebhookconfiguration", name);

  /** What is in a configuration, without what the API server keeps of each write. */
  async function content(name: string) {
    const { metadata, webhooks } = await read(name);
    return { labels: metadata.labels, annotations: metadata.annotations ?? {}, webhooks };
  }

  /** All configurations, without what the API server keeps of each write. */
  async function configurations(): Promise<readonly Configuration[]> {
    const { text } = await plane.request("GET", configurationsPath);
    const { items } = JSON.parse(text) as { items: readonly Configuration[] };
    return items.map(({ metadata: { name, labels, annotations = {} }, webhooks }) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name, labels, annotations },
      webhooks,
    }));
  }

  /** Makes the default a tag of pillion, while nobody creates pods. */
  async function handOver(): Promise<void> {
    const args = ["set", "default", "--revision=pillion", "--overwrite", "--propagation-delay=0"];
    const { code, stderr } = await tag(...args);
    expect(code, stderr).toBe(0);
    await until("pods of pillion", async () => (await owner("legacy")) === "pillion");
  }

  /** How many injectors the API server called for each pod of a loop, by its own record. */
  async function calls(loop: DefaultLoop): Promise<ReadonlyMap<string, number>> {
    const last = loop.names.at(-1);
    const seen = () =>
      plane.audit().filter(({ verb, objectRef }) => verb === "create" && objectRef?.resource === "pods");
    await until("the audit log has the last pod", () =>
      seen().some(({ objectRef }) => objectRef?.name === last),
    );
    const names = new Set(loop.names);
    return new Map(
      seen()
        .filter(({ objectRef }) => names.has(objectRef?.name ?? ""))
        .map(({ objectRef, annotations = {} }) => [
          objectRef?.name ?? "",
          Object.keys(annotations).filter((key) => key.startsWith("mutation.webhook.admission.k8s.io/"))
            .length,
        ]),
    );
  }

  async function expectOnceEach(loop: DefaultLoop): Promise<void> {
    expect(loop.faults).toEqual([]);
    const counted = await calls(loop);
    expect(counted.size).toBe(loop.names.length);
    expect([...counted].filter(([, count]) => count !== 1)).toEqual([]);
  }

  /** Hands the default over and back while pods are created. */
  async function thereAndBack(prefix: string, installed: string): Promise<void> {
    const before = await content(installed);
    const loop = new DefaultLoop(plane, prefix);
    await until("some pods", () => loop.names.length > 8);

    const set = await tag("set", "default", "--revision=pillion", "--overwrite", "--propagation-delay=1");
    expect(set.code, set.stderr).toBe(0);
    await until("the new owner", () => loop.owners.at(-1) === "pillion");
    const off = await read(installed);
    for (const { namespaceSelector, objectSelector, matchConditions = [] } of off.webhooks) {
      expect(namespaceSelector).toEqual({ matchLabels: { "istio.io/deactivated": "never-match" } });
      expect(objectSelector).toEqual({ matchLabels: { "istio.io/deactivated": "never-match" } });
      expect(matchConditions.map(({ name }) => name)).not.toContain("pillion.dev/handover");
    }
    const handed = loop.names.length;
    await until("pods of the new owner", () => loop.names.length > handed + 12);

    const tried = await tag("remove", "default", "--restore", "--dry-run");
    expect(tried).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1\/3 .*\n2\/3 .*\n3\/3 .*\n$/),
      stderr: "",
    });
    expect((await tag("list")).stdout).toMatch(/^default +pillion +by-revision,legacy$/m);

    const back = await tag("remove", "default", "--restore", "--propagation-delay=1");
    expect(back.code, back.stderr).toBe(0);
    expect(back.stderr).toMatch(/^1\/3 .*\n +waiting.*\n2\/3 .*\n +waiting.*\n3\/3 .*\n$/);
    await until("the old owner", () => loop.owners.at(-1) === "default");
    await loop.stop();

    // Never back and forth, and nobody in between.
    expect(loop.owners).toEqual(["default", "pillion", "default"]);
    await expectOnceEach(loop);
    expect(await content(installed)).toEqual(before);
    expect((await tag("list")).stderr).toContain("there are no tags");
  }

  it("hands the default over and back, and each pod goes through one injector", () =>
    thereAndBack("first", "istio-sidecar-injector"));

  it("does so as well where the old owner is called before the new one", async () => {
    const { metadata, ...rest } = await read("istio-sidecar-injector");
    const { labels, annotations = {} } = metadata;
    await plane.kubectl("delete", "mutatingwebhookconfiguration", "istio-sidecar-injector");
    await plane.apply({ ...rest, metadata: { name: "a-sidecar-injector", labels, annotations } });
    await until("istiod's stand-in injects", async () => (await owner("legacy")) === "default");
    await thereAndBack("second", "a-sidecar-injector");
  });

  it("says in which state it was interrupted, and goes on from there", async () => {
    const loop = new DefaultLoop(plane, "third");
    const args = ["set", "default", "--revision=pillion", "--overwrite"];
    const child = spawn(
      process.execPath,
      [plane.environment.bundle, "tag", ...args, "--propagation-delay=100"],
      {
        env: { ...process.env, KUBECONFIG: plane.kubeconfig },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (text.includes("waiting")) child.kill("SIGINT");
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(
        /error: interrupted\nSteps that were made: 1\. Now .*istio-sidecar-injector .*is active, except for pods that the other one has injected\./,
      ),
    ]);
    expect((await tag("list")).stderr).toContain("a handover of the default has begun and not ended");
    expect(await rivals()).toEqual([["handover-unfinished", "the default"]]);
    const held = loop.names.length;
    await until("more pods in this state", () => loop.names.length > held + 8);

    const again = await tag(...args, "--propagation-delay=1");
    expect(again.code, again.stderr).toBe(0);
    await until("the new owner", () => loop.owners.at(-1) === "pillion");
    await loop.stop();
    expect(loop.owners).toEqual(["default", "pillion"]);
    await expectOnceEach(loop);
  });

  it("has check find an old owner that was switched on again, and set repairs it", async () => {
    await handOver();
    const [old] = beginning.filter(({ metadata }) => metadata.name === "istio-sidecar-injector");
    await plane.apply(old);
    // By istio-injection and by istio.io/rev.
    const found = ["two-injectors", "MutatingWebhookConfiguration istio-sidecar-injector"];
    expect(await rivals()).toEqual([found, found]);
    await handOver();
    expect(await rivals()).toEqual([["ok", "revision pillion"]]);
    const loop = new DefaultLoop(plane, "again");
    await until("all ways of choosing it", () => loop.count > choices.length);
    await loop.stop();
    expect(loop.owners).toEqual(["pillion"]);
    await expectOnceEach(loop);
  });

  it("points the default, once it is a tag, at another revision and back in one step", async () => {
    await handOver();
    const loop = new DefaultLoop(plane, "fourth");
    for (const revision of ["default", "pillion", "default"]) {
      const { code, stderr } = await tag("set", "default", "-r", revision, "--overwrite");
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(/^1\/1 istio-revision-tag-default makes default call .*\n$/),
      ]);
      await until(`pods of ${revision}`, () => loop.owners.at(-1) === revision);
    }
    await loop.stop();
    await expectOnceEach(loop);
  });

  it("gives the default back where istioctl took it, without a word of what it selected", async () => {
    await handOver();
    const before = await content("istio-sidecar-injector");
    await plane.kubectl(
      "annotate",
      "mutatingwebhookconfiguration",
      "istio-sidecar-injector",
      "pillion.dev/selectors-before-handover-",
    );
    const { code, stderr } = await tag("remove", "default", "--restore", "--propagation-delay=1");
    expect(code, stderr).toBe(0);
    const after = await content("istio-sidecar-injector");
    expect(after.webhooks).not.toEqual(before.webhooks);
    const loop = new DefaultLoop(plane, "fifth");
    await until("all ways of choosing it", () => loop.names.length > choices.length);
    await loop.stop();
    expect(loop.owners).toEqual(["default"]);
    await expectOnceEach(loop);
  });

  it("sets, lists and removes a tag that a namespace uses", async () => {
    expect(await owner("shop")).toBe("");
    const made = await tag("set", "prod", "--revision=pillion");
    expect([made.code, made.stdout]).toEqual([0, "the tag prod stands for revision pillion\n"]);
    await until("pods of pillion", async () => (await owner("shop")) === "pillion");
    expect((await tag("list")).stdout).toBe("TAG   REVISION  NAMESPACES\nprod  pillion   shop\n");

    const taken = await tag("set", "prod", "--revision=default");
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining("--overwrite")]);
    expect((await tag("set", "prod", "--revision=default", "--overwrite")).code).toBe(0);
    await until("pods of the default", async () => (await owner("shop")) === "default");

    const used = await tag("remove", "prod");
    expect([used.code, used.stderr]).toEqual([
      1,
      expect.stringMatching(/--yes.*one namespace uses it: shop/),
    ]);
    expect(await owner("shop")).toBe("default");
    expect((await tag("remove", "prod", "--yes")).code).toBe(0);
    await until("no injection", async () => (await owner("shop")) === "");
  });

  it("makes what the chart makes, and changes and removes what others made", async () => {
    await tag("set", "prod", "--revision=pillion");
    const ours = await content("istio-revision-tag-prod");
    await tag("remove", "prod", "--yes");
    const upgraded = await plane.helm(
      ...[
        "upgrade",
        "pillion",
        chart,
        "-n",
        "istio-system",
        "--reuse-values",
        "--set",
        "revisionTags={prod}",
      ],
    );
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect(await content("istio-revision-tag-prod")).toEqual(ours);

    await plane.apply({
      ...(await read("istio-revision-tag-prod")),
      metadata: {
        name: "istio-revision-tag-stable",
        labels: { "istio.io/rev": "pillion", "istio.io/tag": "stable", app: "sidecar-injector" },
      },
    });
    expect(JSON.parse((await tag("list", "-o", "json")).stdout)).toMatchObject([
      { tag: "prod", revision: "pillion", namespaces: ["shop"] },
      { tag: "stable", revision: "pillion", namespaces: [], webhook: "istio-revision-tag-stable" },
    ]);
    expect((await tag("set", "stable", "--revision=default", "--overwrite")).code).toBe(0);
    expect((await read("istio-revision-tag-stable")).metadata.labels["istio.io/rev"]).toBe("default");
    for (const name of ["prod", "stable"]) expect((await tag("remove", name, "-y")).code).toBe(0);
  });

  it("prints what the API server takes, and changes nothing in a dry run", async () => {
    const printed = await tag("set", "prod", "--revision=pillion", "-o", "yaml");
    expect(printed.code, printed.stderr).toBe(0);
    const applied = await plane.kubectlWith(
      printed.stdout,
      "create",
      "--dry-run=server",
      "--validate=strict",
      "-f",
      "-",
    );
    expect(applied.code, applied.stderr).toBe(0);
    const planned = await tag("set", "default", "--revision=pillion", "--overwrite", "--dry-run");
    expect(planned.code, planned.stderr).toBe(0);
    expect(planned.stdout.split("\n").map((line) => line.slice(0, 12))).toEqual([
      "1/3 would be",
      "2/3 would be",
      "3/3 would be",
      "",
    ]);
    expect((await tag("list")).stderr).toContain("there are no tags");
    expect(await owner("legacy")).toBe("default");
  });

  it("names the right that is missing before it changes anything", async () => {
    await plane.kubectl("create", "serviceaccount", "reader", "-n", "plain");
    const role = "--verb=get,list,create";
    await plane.kubectl("create", "clusterrole", "reader", role, "--resource=mutatingwebhookconfigurations");
    await plane.kubectl(
      "create",
      "clusterrolebinding",
      "reader",
      "--clusterrole=reader",
      "--serviceaccount=plain:reader",
    );
    const token = await plane.kubectl("create", "token", "reader", "-n", "plain");
    const kubeconfig = plane.writeKubeconfig("reader", token.stdout.trim());
    const before = await content("istio-sidecar-injector");
    const args = ["set", "default", "-r", "pillion", "--overwrite", "--kubeconfig", kubeconfig];
    await until("the right to list", async () => (await tag("list", "--kubeconfig", kubeconfig)).code === 0);
    const refused = await tag(...args);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(
        "does not let you update mutatingwebhookconfigurations.admissionregistration.k8s.io istio-sidecar-injector",
      ),
    ]);
    expect(await content("istio-sidecar-injector")).toEqual(before);
    const listed = await tag("list", "--kubeconfig", kubeconfig);
    expect(listed.stderr).toContain("does not let you list namespaces");
  });
});
