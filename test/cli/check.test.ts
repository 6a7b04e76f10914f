import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { faultCodes, otherCodes } from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { ApiServer } from "../cluster/api-server.js";
import {
  bare,
  base64,
  type Cluster,
  certificates,
  healthyCluster,
  serveCluster,
} from "../cluster/healthy-cluster.js";
import { root } from "../support/peer.js";
import { type CliRun, run } from "./recording-io.js";

const webhooks = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

describe("pillion check on the command line", () => {
  let folder: string;
  let kubeconfig: string;
  let server: ApiServer;
  let tls: { key: string; cert: string };
  let authority: string;
  let healthy: Cluster;
  let cluster: Cluster;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pillion-check-"));
    kubeconfig = join(folder, "config");
    healthy = await healthyCluster();
    const made = await certificates("127.0.0.1");
    tls = { key: made.leaf.keyPem, cert: made.leaf.certificatePem };
    authority = base64(made.authority.certificatePem);
  });

  afterAll(() => rm(folder, { recursive: true }));

  beforeEach(async () => {
    server = new ApiServer();
    await writeConfig(kubeconfig, "here", await server.start(0, tls));
    const { create, ...objects } = healthy;
    cluster = { ...structuredClone(objects), create };
    return () => server.stop();
  });

  function writeConfig(path: string, name: string, port: number): Promise<void> {
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      contexts: [{ name, context: { cluster: name, user: name } }],
      clusters: [
        { name, cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": authority } },
      ],
      users: [{ name, user: { token: `token of ${name}` } }],
    };
    return writeFile(path, JSON.stringify(config));
  }

  function check(...args: readonly string[]): Promise<CliRun> {
    serveCluster(server, cluster);
    return run(["check", "--kubeconfig", kubeconfig, ...args]);
  }

  function oneReplica(): void {
    (cluster.deployments[0]?.spec as JsonObject).replicas = 1;
  }

  it("prints a line a check, and with --quiet nothing, when all is well", async () => {
    const said = await check();
    expect(said).toMatchObject({ exitCode: 0, stderr: "" });
    expect(said.stdout.match(/^ok {6}/gm)).toHaveLength(12);
    expect(said.stdout).toMatch(/\n\n0 errors, 0 warnings, 12 ok, 0 skipped\n$/);
    expect(await check("--quiet", "--strict")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("prints the code, what is counted and the remedy of what is wrong", async () => {
    for (let index = 0; index < 5; index++) {
      const pod = bare("shop", `pod-${index}`, "2026-04-01T00:00:00Z");
      (pod.metadata as JsonObject).ownerReferences = [
        { kind: "StatefulSet", name: `db-${index}`, controller: true },
      ];
      cluster.pods.push(pod);
    }
    const quiet = await check("-q");
    expect(quiet.exitCode).toBe(1);
    expect(quiet.stdout).toBe(
      [
        "error   pods          revision pillion [sidecar-missing]: 5 of 7 pods that should have a sidecar run",
        "                      without one: they were made before their namespace was labelled, or while the",
        "                      injector did not answer.",
        "                      - shop statefulset/db-0 (1)",
        "                      - shop statefulset/db-1 (1)",
        "                      - shop statefulset/db-2 (1)",
        "                        and 2 more (--verbose)",
        "                      > Make them anew: `kubectl -n shop rollout restart statefulset/db-0`.",
        "",
      ].join("\n"),
    );
    expect((await check("-q", "-v")).stdout).toMatch(/db-3 \(1\)\n.*db-4 \(1\)\n/);
  });

  it("fails for warnings and for missing rights only with --strict", async () => {
    oneReplica();
    expect((await check()).exitCode).toBe(0);
    expect((await check("--strict")).exitCode).toBe(1);
    cluster.deployments = structuredClone(healthy.deployments);
    server.refusals.set("/api/v1/nodes", 403);
    expect(await check("--quiet")).toMatchObject({ exitCode: 0, stdout: "" });
    expect((await check("--strict")).exitCode).toBe(1);
  });

  it("gives programs the fields that docs/check.md promises", async () => {
    oneReplica();
    const { stdout, exitCode } = await check("-o", "json");
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(Object.keys(report)).toEqual(["revisions", "summary", "requests", "findings"]);
    expect(report.summary).toEqual({ error: 0, warning: 1, ok: 11, skipped: 0 });
    expect(report.requests).toBe(server.seen.length);
    expect(report.findings.filter(({ status }: { status: string }) => status !== "ok")).toEqual([
      {
        revision: "pillion",
        check: "cold-start",
        status: "warning",
        code: "single-replica",
        object: "Deployment istio-system/pillion",
        message: expect.stringMatching(/^It has 1 replica: /),
        remedy: "Set replicas=2 (or autoscaling.minReplicas=2) in the chart.",
      },
    ]);
  });

  it("says what it cannot do without, and that the API server is away", async () => {
    server.refusals.set(webhooks, 403);
    expect(await check()).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: cannot check: .*\(403\); the right to list mutatingwebhookconfigurations/,
      ),
    });
    await server.stop();
    const away = await run(["check", "--kubeconfig", kubeconfig]);
    expect(away).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/cannot check: cannot reach the API server/),
    });
    await server.start();
  });

  it("finds the cluster as kubectl does: $KUBECONFIG as a list, contexts by name", async () => {
    const missing = join(folder, "missing");
    const other = join(folder, "other");
    await writeConfig(other, "there", 1);
    const env = { KUBECONFIG: [missing, other, kubeconfig].join(delimiter) };
    const files = { [other]: "", [kubeconfig]: "" };
    serveCluster(server, cluster);
    expect(await run(["check", "-q"], { env, files })).toMatchObject({ exitCode: 1 });
    expect(await run(["check", "-q", "--context", "here"], { env, files })).toMatchObject({
      exitCode: 0,
      stdout: "",
    });
    expect(server.seen.at(-1)?.authorization).toBe("Bearer token of here");
    expect((await run(["check"], { env: { KUBECONFIG: missing } })).stderr).toMatch(
      /there is no file of \$KUBECONFIG/,
    );
  });

  it("refuses flags that it does not know", async () => {
    expect((await run(["check", "--outptu", "json"])).exitCode).toBe(2);
  });
});

describe("docs/check.md", () => {
  const page = readFileSync(join(root, "docs", "check.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, code, rest]) => [code, rest]);

  it("has every code with its severity, its check and its meaning", () => {
    const faults = Object.entries(faultCodes).map(([code, { status, check, meaning }]) => [
      code,
      `${status} | \`${check}\` | ${meaning}`,
    ]);
    for (const row of [...faults, ...Object.entries(otherCodes)]) expect(rows).toContainEqual(row);
  });

  it("has no code that is not there", () => {
    const known = Object.keys(faultCodes);
    const told = rows.filter(([, rest]) => /^(error|warning) /.test(rest ?? "")).map(([code]) => code);
    expect(told).toEqual(known);
  });
});
