import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { CreationLoop } from "./creation-loop.js";
import { Injector } from "./injector.js";
import { node, type Pod, podOf, proxyConfigKind, proxyOf, until } from "./objects.js";

interface ConfigMap {
  readonly metadata: object;
  readonly data: Readonly<Record<string, string>>;
}

const podsPath = "/api/v1/namespaces/mesh/pods?dryRun=All";

/** The tag of the image is in the values, the annotation in the inject config: both change together. */
function look(pod: Pod): string | undefined {
  const tag = proxyOf(pod)?.image.split(":").at(-1);
  const generation = pod.metadata.annotations?.["example.com/generation"];
  return generation === undefined || tag === generation
    ? undefined
    : `image ${tag} with annotation ${generation}`;
}

describe("while pods are created in a loop", () => {
  let plane: ControlPlane;
  let injector: Injector;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.apply(proxyConfigKind, node("n1", "v1.34.0"));
    injector = await Injector.prepare(plane, { args: ["--platform=openshift"] });
    const platform = ["--set", "injector.platform=openshift"];
    const installed = await plane.helm(
      "install",
      "pillion",
      chart,
      "-n",
      "istio-system",
      ...platform,
      ...injector.values,
    );
    expect(installed.code, installed.stderr).toBe(0);
    await injector.start();
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await until("injection", async () =>
      (await plane.request("POST", podsPath, podOf("first"))).text.includes("istio-proxy"),
    );
  });

  afterAll(async () => {
    await injector?.stop();
    await plane?.stop();
  });

  async function configMap(): Promise<ConfigMap> {
    return plane.json<ConfigMap>("get", "configmap", "istio-sidecar-injector-pillion", "-n", "istio-system");
  }

  async function replace(data: Readonly<Record<string, string>>): Promise<void> {
    const patch = JSON.stringify({ data });
    const name = "istio-sidecar-injector-pillion";
    const { code, stderr } = await plane.kubectl(
      "patch",
      "configmap",
      name,
      "-n",
      "istio-system",
      "--type=merge",
      "-p",
      patch,
    );
    expect(code, stderr).toBe(0);
  }

  it("changes of the ConfigMap take effect whole, and bad ones have none", async () => {
    const { data } = await configMap();
    const loop = new CreationLoop(plane, { look });
    for (let generation = 1; generation <= 10; generation++) {
      const tag = `g${generation}`;
      await replace({
        config: (data.config ?? "").replace(
          "injectedAnnotations: {}",
          `injectedAnnotations: {example.com/generation: ${tag}}`,
        ),
        values: (data.values ?? "").replace(/"tag": "[^"]*"/, `"tag": "${tag}"`),
      });
      await until(
        `${tag} in use`,
        () => loop.latest?.metadata.annotations?.["example.com/generation"] === tag,
      );
      await replace({ config: "policy: enabled\ntemplates: {sidecar: '{{ broken'}" });
      await until("refused", async () => (await injector.readiness()).includes("a change was refused"));
    }
    await replace({ config: data.config ?? "", values: data.values ?? "" });
    await until("back", () => loop.latest?.metadata.annotations?.["example.com/generation"] === undefined);
    await loop.stop();
    expect(loop.faults).toEqual([]);
    expect(loop.count).toBeGreaterThan(20);
  });

  it("ProxyConfigs, Nodes and Namespaces take effect as they change", async () => {
    const loop = new CreationLoop(plane, { look });
    const environment = () =>
      loop.latest && proxyOf(loop.latest)?.env?.find(({ name }) => name === "FROM_CR")?.value;
    const proxyConfig = (value: string) => ({
      apiVersion: "networking.istio.io/v1beta1",
      kind: "ProxyConfig",
      metadata: { name: "pc", namespace: "mesh" },
      spec: { environmentVariables: { FROM_CR: value } },
    });
    for (const value of ["one", "two"]) {
      await plane.apply(proxyConfig(value));
      await until(`FROM_CR is ${value}`, () => environment() === value);
    }
    await plane.kubectl("delete", "proxyconfig", "pc", "-n", "mesh");
    await until("FROM_CR is gone", () => environment() === undefined);

    const native = () => loop.latest?.spec.initContainers?.some(({ name }) => name === "istio-proxy");
    await until("native", () => native() === true);
    await plane.apply(node("old", "v1.32.9"));
    await until("not native", () => native() === false);
    await plane.kubectl("delete", "node", "old");
    await until("native again", () => native() === true);

    const user = () => loop.latest && proxyOf(loop.latest)?.securityContext?.runAsUser;
    await plane.kubectl("annotate", "namespace", "mesh", "openshift.io/sa.scc.uid-range=1000620000/10000");
    await until("the user of the namespace", () => user() === 1000629999);
    await plane.kubectl("annotate", "namespace", "mesh", "openshift.io/sa.scc.uid-range-");
    await until("the usual user", () => user() === 1337);
    await loop.stop();
    expect(loop.faults).toEqual([]);
  });

  it("an API server that is restarted is watched again", async () => {
    const before = await injector.metrics();
    expect(before).toContain('pillion_watch_last_contact_timestamp_seconds{resource="nodes"}');
    await plane.stopApiServer();
    await until("the watches fail", async () => (await injector.readiness()).includes("failing"));
    await plane.startApiServer();
    const loop = new CreationLoop(plane, { look });
    await plane.apply(node("late", "v1.20.0"));
    await until("what was told after the restart", () =>
      Boolean(loop.latest?.spec.containers.some(({ name }) => name === "istio-proxy")),
    );
    await plane.kubectl("delete", "node", "late");
    await until("all watches are back", async () => !/failing|denied/.test(await injector.readiness()));
    await loop.stop();
    expect(loop.faults).toEqual([]);
  });

  it("an injector that was killed stops its pods alone, with a clear text, and comes back by itself", async () => {
    await injector.stop("SIGKILL");
    const refused = await plane.request("POST", podsPath, podOf("p"));
    expect(refused.status).toBe(500);
    expect(refused.text).toMatch(
      /failed calling webhook.*rev\.namespace\.sidecar-injector\.istio\.io.*connection refused/,
    );
    const own = podOf("own", { namespace: "istio-system", labels: { "sidecar.istio.io/inject": "false" } });
    await plane.kubectl("label", "namespace", "istio-system", "istio.io/rev=pillion");
    expect((await plane.request("POST", "/api/v1/namespaces/istio-system/pods?dryRun=All", own)).status).toBe(
      201,
    );
    const system = podOf("system", { namespace: "kube-system", labels: { "istio.io/rev": "pillion" } });
    expect(
      (await plane.request("POST", "/api/v1/namespaces/kube-system/pods?dryRun=All", system)).status,
    ).toBe(201);
    await injector.start();
    await until("injection", async () => {
      const { status, text } = await plane.request("POST", podsPath, podOf("p"));
      return status === 201 && text.includes("istio-proxy");
    });
  });
});
