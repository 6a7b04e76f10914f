import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reviewFixture } from "../support/admission-review.js";
import { root } from "../support/peer.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { createPod } from "./creation-loop.js";
import { node, proxyConfigKind, until } from "./objects.js";
import { Replica } from "./replica.js";
import { ServiceEndpoints } from "./service-endpoints.js";
import { caBundles } from "./trust-probe.js";

const page = readFileSync(join(root, "docs", "client-certificates.md"), "utf8");
const documentedFolder = "/etc/kubernetes/admission";

/** The blocks of the manual in a language, in their order. */
function blocks(language: string): readonly string[] {
  return page
    .split("```")
    .filter((block) => block.startsWith(`${language}\n`))
    .map((block) => block.slice(language.length + 1));
}

describe("the manual of client certificates, followed step by step", () => {
  let plane: ControlPlane;
  let replica: Replica;
  let endpoints: ServiceEndpoints;
  let folder: string;
  let mounted: string;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.apply(proxyConfigKind, node("n1", "v1.34.0"));
    folder = join(plane.folder, "admission");
    mkdirSync(folder);
    makeAuthority(folder);
    const clientCa = ["--set-file", `webhook.clientCA=${join(folder, "ca.crt")}`];
    const install = ["install", "pillion", chart, "-n", "istio-system", "--set", "replicas=0", ...clientCa];
    const installed = await plane.helm(...install);
    expect(installed.code, installed.stderr).toBe(0);
    const { data } = await plane.json<{ data: Record<string, string> }>(
      ...["get", "configmap", "pillion-client-ca", "-n", "istio-system"],
    );
    mounted = join(plane.folder, "mounted-client-ca.crt");
    writeFileSync(mounted, data["ca.crt"] ?? "");
    const args = ["--ca-secret=pillion-ca", "--ca-propagation=3", "--drain-duration=0"];
    replica = await Replica.prepare(plane, "a", [...args, `--client-ca-file=${mounted}`]);
    endpoints = new ServiceEndpoints(plane, [replica]);
    await replica.start();
    await until("it is ready: probes show no certificate", () => endpoints.ready.length === 1);
  });

  afterAll(async () => {
    await endpoints?.stop();
    await replica?.stop("SIGKILL");
    await plane?.stop();
  });

  /** Runs the manual's commands, which leave authority, certificate and keys in a folder. */
  function makeAuthority(at: string): void {
    const [commands = ""] = blocks("sh");
    execFileSync("sh", ["-ec", commands], { cwd: at, stdio: "pipe" });
  }

  const create = () => createPod(plane, "p", { namespace: "mesh" });

  /** Posts a review as somebody, by the files of a folder, or without a certificate. */
  async function post(client?: string): Promise<{ status: number | undefined; body: string }> {
    const [ca = ""] = await caBundles(plane, "istio-sidecar-injector-pillion");
    const pair =
      client === undefined
        ? {}
        : {
            cert: readFileSync(join(client, "apiserver.crt")),
            key: readFileSync(join(client, "apiserver.key")),
          };
    return new Promise((resolve, reject) => {
      const host = plane.environment.address;
      const servername = "pillion.istio-system.svc";
      const headers = { "content-type": "application/json" };
      const options = { host, port: replica.port, path: "/inject", servername, ca, headers, ...pair };
      const call = request({ ...options, method: "POST", agent: false }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
      });
      call.on("error", reject);
      call.end(reviewFixture("shaped-v1-create"));
    });
  }

  it("without the admission configuration the API server shows none, and says what it was told", async () => {
    const { status, text: answer } = await create();
    expect(status).toBe(500);
    expect(answer).toMatch(/failed calling webhook.*a certificate of the client CA is needed here/);
  });

  it("with it, pods are injected", async () => {
    const [admission = "", kubeconfig = ""] = blocks("yaml");
    for (const [name, content] of [
      ["admission.yaml", admission],
      ["webhooks.kubeconfig", kubeconfig],
    ] as const) {
      expect(content).toContain(`# ${name}\n`);
      expect(content).toContain(`${documentedFolder}/`);
      writeFileSync(join(folder, name), content.replaceAll(documentedFolder, folder), { mode: 0o600 });
    }
    const flag = /--admission-control-config-file=\S+?(?=`)/.exec(page)?.[0] ?? "";
    await plane.stopApiServer();
    await plane.startApiServer(flag.replaceAll(documentedFolder, folder));
    await until("injection", async () => {
      const { status, text: answer } = await create();
      return status === 201 && answer.includes("istio-proxy");
    });
  });

  it("nobody else is answered: no certificate, or one of another authority, until that is let in as well", async () => {
    expect((await post(folder)).status).toBe(200);
    expect(await post()).toMatchObject({ status: 403, body: expect.stringContaining("client CA") });
    const other = join(plane.folder, "other-authority");
    mkdirSync(other);
    makeAuthority(other);
    expect((await post(other)).status).toBe(403);
    const both = [folder, other].map((one) => readFileSync(join(one, "ca.crt"), "utf8")).join("");
    writeFileSync(mounted, both);
    await until("the other one is let in", async () => (await post(other)).status === 200);
    expect((await post(folder)).status).toBe(200);
    expect((await post()).status).toBe(403);
  });
});
