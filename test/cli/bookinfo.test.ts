import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { readDocuments } from "../support/compare.js";
import { root } from "../support/peer.js";
import { run } from "./recording-io.js";

const bookinfo = readFileSync(join(root, "test", "fixtures", "bookinfo.yaml"), "utf8");

interface Injected {
  readonly name: string;
  readonly annotations: Readonly<Record<string, JsonValue>>;
  readonly containers: readonly JsonObject[];
  readonly initContainers: readonly JsonObject[];
}

function child(tree: JsonValue | undefined, ...path: readonly string[]): JsonObject {
  const value = path.reduce<JsonValue | undefined>((at, key) => (isObject(at) ? at[key] : undefined), tree);
  return isObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

async function inject(...flags: readonly string[]): Promise<readonly Injected[]> {
  const { stdout, stderr, exitCode } = await run(["inject", "-f", "bookinfo.yaml", ...flags], {
    files: { "bookinfo.yaml": bookinfo },
  });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return readDocuments(stdout)
    .filter((document) => isObject(document) && document.kind === "Deployment")
    .map((deployment) => {
      const template = child(deployment, "spec", "template");
      return {
        name: String(child(deployment, "metadata").name),
        annotations: child(template, "metadata", "annotations"),
        containers: listOf(child(template, "spec").containers),
        initContainers: listOf(child(template, "spec").initContainers),
      };
    });
}

function container({ containers, initContainers }: Injected, name: string): JsonObject {
  const found = [...containers, ...initContainers].find((one) => one.name === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

function status({ annotations }: Injected): JsonValue {
  return JSON.parse(String(annotations["sidecar.istio.io/status"]));
}

const workloads = ["details-v1", "ratings-v1", "reviews-v1", "reviews-v2", "reviews-v3", "productpage-v1"];
const volumes = [
  "workload-socket",
  "credential-socket",
  "workload-certs",
  "istio-envoy",
  "istio-data",
  "istio-podinfo",
  "istio-token",
  "istiod-ca-cert",
  "istio-ca-crl",
];

describe("Bookinfo", () => {
  it("gets a sidecar that runs as 1337, and rules from an init container with NET_ADMIN and NET_RAW", async () => {
    const pods = await inject();
    expect(pods.map(({ name }) => name)).toEqual(workloads);
    for (const pod of pods) {
      expect(pod.containers.map(({ name }) => name)).toEqual([pod.name.split("-")[0], "istio-proxy"]);
      expect(pod.initContainers.map(({ name }) => name)).toEqual(["istio-init"]);
      expect(container(pod, "istio-proxy").securityContext).toMatchObject({
        runAsUser: 1337,
        runAsGroup: 1337,
        runAsNonRoot: true,
      });
      expect(child(container(pod, "istio-proxy").securityContext, "capabilities")).toEqual({ drop: ["ALL"] });
      expect(container(pod, "istio-init").args).toEqual(
        expect.arrayContaining(["istio-iptables", "-u", "1337", "-m", "REDIRECT"]),
      );
      expect(container(pod, "istio-init").securityContext).toMatchObject({
        runAsUser: 0,
        capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] },
      });
      expect(status(pod)).toEqual({
        initContainers: ["istio-init"],
        containers: ["istio-proxy"],
        volumes,
        imagePullSecrets: null,
        revision: "default",
      });
    }
  });

  it("gets a sidecar that starts before the application where sidecars are native", async () => {
    for (const pod of await inject("--native-sidecars", "true")) {
      expect(pod.initContainers.map(({ name }) => name)).toEqual(["istio-init", "istio-proxy"]);
      expect(pod.containers.map(({ name }) => name)).toEqual([pod.name.split("-")[0]]);
      expect(container(pod, "istio-proxy").restartPolicy).toBe("Always");
      expect(status(pod)).toMatchObject({ initContainers: ["istio-init", "istio-proxy"], containers: null });
    }
  });

  it("asks the Nodes where native sidecars are left to it", async () => {
    const node = (version: string): string =>
      `apiVersion: v1\nkind: Node\nmetadata: {name: a}\nstatus: {nodeInfo: {kubeletVersion: ${version}}}\n`;
    const asked = async (version: string): Promise<string> => {
      const args = ["inject", "-f", "bookinfo.yaml", "--objects", "nodes.yaml"];
      return (await run(args, { files: { "bookinfo.yaml": bookinfo, "nodes.yaml": node(version) } })).stdout;
    };
    expect(await asked("v1.33.0")).toContain("restartPolicy: Always");
    expect(await asked("v1.28.0")).not.toContain("restartPolicy: Always");
  });

  it("needs no capability at all with the CNI plugin", async () => {
    for (const pod of await inject("--set", "pilot.cni.enabled=true")) {
      expect(pod.initContainers.map(({ name }) => name)).toEqual(["istio-validation"]);
      expect(container(pod, "istio-validation").securityContext).toMatchObject({
        runAsUser: 1337,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(child(container(pod, "istio-validation").securityContext, "capabilities").add).toBeUndefined();
      expect(container(pod, "istio-validation").args).toEqual(
        expect.arrayContaining(["--run-validation", "--skip-rule-apply"]),
      );
      expect(pod.annotations).toMatchObject({
        "sidecar.istio.io/interceptionMode": "REDIRECT",
        "traffic.sidecar.istio.io/includeInboundPorts": "*",
      });
    }
  });

  it("runs the proxy as root with NET_ADMIN for TPROXY", async () => {
    const mesh = "defaultConfig:\n  interceptionMode: TPROXY\n";
    const { stdout, exitCode } = await run(["inject", "-f", "-", "--meshConfigFile", "mesh.yaml"], {
      stdin: bookinfo,
      files: { "mesh.yaml": mesh },
    });
    expect(exitCode).toBe(0);
    const [details] = readDocuments(stdout).filter((one) => isObject(one) && one.kind === "Deployment");
    const spec = child(details, "spec", "template", "spec");
    const proxy = listOf(spec.containers).find(({ name }) => name === "istio-proxy");
    expect(proxy?.securityContext).toMatchObject({
      runAsUser: 0,
      runAsGroup: 1337,
      capabilities: { add: ["NET_ADMIN"] },
    });
    const init = listOf(spec.initContainers)[0];
    expect(init?.args).toEqual(expect.arrayContaining(["-u", "1337", "-m", "TPROXY"]));
  });

  it("keeps every line that injection does not change, and gives every byte back", async () => {
    const files = { "bookinfo.yaml": bookinfo };
    const injected = await run(["inject", "-f", "bookinfo.yaml"], { files });
    const lines = new Set(injected.stdout.split("\n"));
    const gone = bookinfo.split("\n").filter((line) => !lines.has(line));
    expect(gone.map((line) => line.trim())).toEqual([
      'prometheus.io/port: "9080"',
      "prometheus.io/path: /metrics",
    ]);
    const again = await run(["inject", "-f", "-"], { stdin: injected.stdout });
    expect(again.stdout).toBe(injected.stdout);
    const back = await run(["uninject", "-f", "-"], { stdin: injected.stdout });
    expect({ text: back.stdout, stderr: back.stderr }).toEqual({ text: bookinfo, stderr: "" });
  });
});
