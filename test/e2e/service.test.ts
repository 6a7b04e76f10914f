import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { Program } from "./control-plane/program.js";
import { type Pod, podOf, proxyOf, until } from "./objects.js";
import { endpointObjects } from "./service-endpoints.js";

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  };
}

describe("the chart's own Deployment, called through its Service", () => {
  let plane: ControlPlane;
  let injector: Program;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system", { "istio.io/rev": "pillion" });
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.namespace("tested");
    const installed = await plane.helm(
      "install",
      "pillion",
      chart,
      "-n",
      "istio-system",
      "--set",
      "test.namespace=tested,certificates.pillion.propagationSeconds=3",
    );
    expect(installed.code, installed.stderr).toBe(0);
  });

  afterAll(async () => {
    await injector?.stop();
    await plane?.stop();
  });

  async function create(namespace: string, pod: object): Promise<Pod | undefined> {
    const { status, text } = await plane.request(
      "POST",
      `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
      pod,
    );
    return status === 201 ? (JSON.parse(text) as Pod) : undefined;
  }

  /** A folder as the kubelet mounts it into a pod. */
  async function serviceAccount(name: string): Promise<string> {
    const folder = join(plane.folder, `account-${name}`);
    mkdirSync(folder);
    const token = await plane.kubectl("create", "token", name, "-n", "istio-system");
    writeFileSync(join(folder, "token"), token.stdout.trim());
    writeFileSync(join(folder, "ca.crt"), plane.authority.certificatePem);
    writeFileSync(join(folder, "namespace"), "istio-system");
    return folder;
  }

  it("starts cold: its pods are made while nothing answers, in a namespace that is injected", async () => {
    await until("two pods", async () => {
      const { items } = await plane.json<{ items: Pod[] }>("get", "pods", "-n", "istio-system");
      return items.length === 2 && items.every((pod) => proxyOf(pod) === undefined);
    });
    expect(await create("mesh", podOf("p"))).toBeUndefined();
  });

  it("injects with the arguments of the Deployment and its ServiceAccount, and makes its own certificate", async () => {
    const { environment, folder } = plane;
    const { spec } = await plane.json<Deployment>("get", "deployment", "pillion", "-n", "istio-system");
    const account = await serviceAccount("pillion");
    const { args = [] } = spec.template.spec.containers[0] ?? {};
    const address = environment.address;
    const server = new URL(plane.server);
    // A file system of its own, in which the token is where the kubelet mounts it.
    const mounted = "/run/secrets/kubernetes.io/serviceaccount";
    const mounts = `mount -t tmpfs tmpfs /run; mkdir -p ${mounted}; cp ${account}/* ${mounted}; exec "$@"`;
    injector = new Program(
      "pillion",
      "unshare",
      [
        ...["--mount", "sh", "-ec", mounts, "sh", process.execPath, environment.bundle, ...args],
        ...[`--https-address=${address}:15017`, `--monitoring-address=${address}:15014`],
      ],
      join(folder, "deployed.log"),
      {
        PATH: process.env.PATH,
        KUBERNETES_SERVICE_HOST: server.hostname,
        KUBERNETES_SERVICE_PORT: server.port,
      },
    );
    await injector.until(async () => (await fetch(`http://${address}:15014/ready`)).ok);
    await plane.apply(...endpointObjects({ "pillion-test": { address, port: 15017, ready: true } }));
    await until("injection", async () => {
      const pod = await create("mesh", podOf("p"));
      return pod !== undefined && proxyOf(pod) !== undefined;
    });
  });

  it("injects a gateway in its own namespace, and leaves its own pods alone", async () => {
    const gateway = podOf("gateway", {
      namespace: "istio-system",
      annotations: { "inject.istio.io/templates": "gateway" },
    });
    const auto = { ...gateway, spec: { containers: [{ name: "istio-proxy", image: "auto" }] } };
    const made = await create("istio-system", auto);
    expect(made && proxyOf(made)?.image).toMatch(/proxyv2:/);
    const own = await create(
      "istio-system",
      podOf("own", { namespace: "istio-system", labels: { "sidecar.istio.io/inject": "false" } }),
    );
    expect(own && proxyOf(own)).toBeUndefined();
  });

  it("passes `helm test`, with a ServiceAccount that can make pods in the given namespace and nothing else", async () => {
    const hooks = await plane.helm("get", "hooks", "pillion", "-n", "istio-system");
    const objects = parseAllDocuments(hooks.stdout).map(
      (document) => document.toJS() as { kind: string; spec?: unknown },
    );
    await plane.apply(...objects.filter(({ kind }) => kind !== "Pod"));
    const pod = objects.find(({ kind }) => kind === "Pod") as unknown as {
      spec: { containers: [{ command: string[]; args: string[]; env: { name: string; value: string }[] }] };
    };
    const [{ command, args, env }] = pod.spec.containers;
    const account = await serviceAccount("pillion-test");
    const server = new URL(plane.server);
    const settings = {
      KUBERNETES_SERVICE_HOST: server.hostname,
      KUBERNETES_SERVICE_PORT: server.port,
      TEST_SERVICE_ACCOUNT_DIR: account,
      ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
    };
    const program = new Program(
      "helm test",
      process.execPath,
      [...command.slice(1), ...args],
      join(plane.folder, "helm-test.log"),
      {
        ...process.env,
        ...settings,
      },
    );
    await until("the end", () => program.exitCode !== undefined);
    expect(program.output).toMatch(/^injected: .*istio-proxy/);
    expect(program.exitCode).toBe(0);
    const may = async (...what: string[]) =>
      (
        await plane.kubectl("auth", "can-i", ...what, "--as=system:serviceaccount:istio-system:pillion-test")
      ).stdout.trim();
    expect(await may("create", "pods", "-n", "tested")).toBe("yes");
    expect(await may("create", "pods", "-n", "istio-system")).toBe("no");
    expect(await may("list", "pods", "-n", "tested")).toBe("no");
  });

  it("gives a mesh config that names the istiod of the values", async () => {
    const { data } = await plane.json<{ data: { mesh: string } }>(
      "get",
      "configmap",
      "istio-pillion",
      "-n",
      "istio-system",
    );
    expect(parse(data.mesh)).toMatchObject({
      rootNamespace: "istio-system",
      defaultConfig: { discoveryAddress: "istiod.istio-system.svc:15012" },
    });
  });
});
