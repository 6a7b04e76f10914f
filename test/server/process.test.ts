import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readAnswer, reviewFixture, reviewOf } from "../support/admission-review.js";
import { keepAliveAgent, send } from "../support/https-client.js";
import { Load } from "../support/load.js";
import { MountedFolder } from "../support/mounted-folder.js";
import { faultyConfig, stampedConfig, stampedPod, stampOf } from "../support/stamped-config.js";
import { startWebhookProcess, type WebhookProcess } from "../support/webhook-process.js";
import { testAuthority, testCertificate } from "../support/webhook-under-test.js";

let folder: string;
const started: WebhookProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pillion-process-"));
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

function start(...args: string[]): WebhookProcess {
  const webhook = startWebhookProcess(args, folder);
  started.push(webhook);
  return webhook;
}

const body = reviewFixture("shaped-v1-create");
const post = {
  method: "POST",
  family: 4,
  headers: { "content-type": "application/json" },
  agent: false,
} as const;
const patience = { timeout: 30_000, interval: 20 };

describe("pillion webhook without flags", () => {
  it("serves the built-in templates with a development certificate that it made and keeps", async () => {
    const first = start("--drain-duration", "0");
    const { https, monitoring } = await first.ready;
    const files = join(folder, "certs", "dev");
    const ca = await readFile(join(files, "ca.crt"), "utf8");
    expect((await stat(join(files, "tls.key"))).mode & 0o777).toBe(0o600);
    const answer = await send(`https://localhost:${https}/inject`, { ...post, ca }, body);
    expect(readAnswer(answer.text).response).toMatchObject({ allowed: true, patchType: "JSONPatch" });
    expect((await send(`http://127.0.0.1:${monitoring}/ready`, { agent: false })).status).toBe(200);
    first.child.kill("SIGTERM");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const second = start();
    await second.ready;
    expect(await readFile(join(files, "ca.crt"), "utf8")).toBe(ca);
  });

  it("ends at once with a second signal, whatever the drain time", async () => {
    const webhook = start("--drain-duration", "600");
    const { monitoring } = await webhook.ready;
    webhook.child.kill("SIGTERM");
    await vi.waitFor(async () => {
      const { status } = await send(`http://127.0.0.1:${monitoring}/ready`, { agent: false });
      expect(status).toBe(503);
    }, patience);
    webhook.child.kill("SIGTERM");
    expect((await webhook.ended).signal).toBe("SIGTERM");
  });

  it("ends in order though a file that it follows is a named pipe by then", async () => {
    const objects = join(folder, "objects");
    await writeFile(objects, "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    const webhook = start("--objects", objects, "--drain-duration", "0");
    const { monitoring } = await webhook.ready;
    await rm(objects);
    execFileSync("mkfifo", [objects]);
    await vi.waitFor(async () => {
      const { text } = await send(`http://127.0.0.1:${monitoring}/ready?verbose`, { agent: false });
      expect(text).toContain(`${objects} is a named pipe`);
    }, patience);
    webhook.child.kill("SIGTERM");
    expect(await webhook.ended).toEqual({ code: 0, signal: null });
  });

  it("ends though a read hangs: in order at first, and by force for what cannot end", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    // A pipe that is opened as a plain file stands for a file system that does not answer.
    const hang = `data:text/javascript,import{readFile}from"node:fs";readFile(${JSON.stringify(pipe)},()=>{})`;
    const node = [process.execPath, "--import", hang];
    const webhook = startWebhookProcess(["--drain-duration", "0"], folder, node);
    started.push(webhook);
    await webhook.ready;
    webhook.child.kill("SIGTERM");
    expect(await webhook.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(webhook.log.at(-1)).toMatchObject({ message: "ended" });
  });

  it("writes lines for people where asked", async () => {
    const webhook = start("--log-format", "text");
    let text = "";
    webhook.child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    await vi.waitFor(() => expect(text).toMatch(/^\S+Z INFO {2}ready httpsPort=\d+/m), patience);
  });
});

describe("pillion webhook with a faulty configuration", () => {
  it.each([
    ["values", { "--values-file": "global: [\n" }, /values:\d+:\d+: /],
    ["a template", { "--inject-config-file": "templates:\n  sidecar: '{{ if }}'\n" }, /templates\.sidecar/],
  ])("does not start, and names file and place: %s", async (_what, files, message) => {
    const args: string[] = [];
    for (const [flag, text] of Object.entries(files)) {
      const path = join(folder, "values");
      await writeFile(path, text);
      args.push(flag, path);
    }
    const webhook = start(...args);
    expect((await webhook.ended).code).toBe(1);
    expect(webhook.stderr()).toMatch(message);
    expect(webhook.stderr()).toContain("failed to process webhook config");
  });

  it("does not start with half a pair, with a file that is not there, or where a policy cannot be honoured", async () => {
    const half = start("--tls-cert-file", "tls.crt");
    expect((await half.ended).code).toBe(2);
    const gone = start("--values-file", join(folder, "nowhere"));
    expect((await gone.ended).code).toBe(1);
    expect(gone.stderr()).toContain("nowhere");
    const policy = start("--tls-cipher-suites", "RC4");
    expect((await policy.ended).code).toBe(1);
    expect(policy.stderr()).toContain("unknown TLS cipher suite");
  });
});

describe("two workers", () => {
  async function pool(...more: string[]) {
    const mount = new MountedFolder(folder);
    const pair = await testCertificate();
    const tls = { "tls.crt": pair.certificatePem, "tls.key": pair.keyPem };
    await mount.swap({ ...stampedConfig("0"), ...tls });
    const webhook = start(
      ...["--workers", "2", "--drain-duration", "0.2"],
      ...["--inject-config-file", mount.path("config"), "--values-file", mount.path("values")],
      ...["--tls-cert-file", mount.path("tls.crt"), "--tls-key-file", mount.path("tls.key")],
      ...more,
    );
    const { https, monitoring } = await webhook.ready;
    const url = `https://localhost:${https}/inject`;
    const metrics = async () => (await send(`http://127.0.0.1:${monitoring}/metrics`, { agent: false })).text;
    return {
      webhook,
      mount,
      tls,
      url,
      monitor: (path: string, method = "GET") =>
        send(`http://127.0.0.1:${monitoring}${path}`, { method, agent: false }),
      metric: async (series: string) =>
        Number(new RegExp(`^${series} (.*)$`, "m").exec(await metrics())?.[1] ?? 0),
      stamp: async () => stampOf(await send(url, { ...post, ca: testAuthority }, reviewOf(stampedPod))),
    };
  }
  const pids = ({ log }: WebhookProcess, message: string) =>
    new Set(log.filter((record) => record.message === message).map((record) => record.pid));

  it("share the work, and their counts are one", async () => {
    const { webhook, stamp, metric, monitor } = await pool();
    for (let turn = 0; turn < 20; turn++) expect(await stamp()).toBe("0");
    expect(await metric("sidecar_injection_requests_total")).toBe(20);
    expect(await metric("pillion_workers")).toBe(2);
    expect(await metric("pillion_config_generation")).toBe(1);
    expect(pids(webhook, "review answered").size).toBe(2);
    // Node complains of the eleventh listener that a scrape leaves behind.
    for (let scrape = 0; scrape < 12; scrape++) await metric("pillion_workers");
    expect(webhook.stderr()).toBe("");
    expect((await monitor("/ready?verbose")).text).toContain("[+]workers 2 of 2 serve");
    await monitor("/log-level?level=error", "PUT");
    await stamp();
    await stamp();
    expect(webhook.log.filter((record) => record.message === "review answered").length).toBe(20);
  });

  it("take every change together: a generation is live when both have it, and a faulty one reaches none", async () => {
    const { mount, tls, url, stamp, metric } = await pool();
    const agent = keepAliveAgent(testAuthority, 4);
    const load = new Load(
      2,
      () => ({ url, agent, body: reviewOf(stampedPod) }),
      (answer) => (Number(stampOf(answer)) % 2 === 0 ? undefined : "an answer of a faulty configuration"),
    );
    for (let turn = 1; turn <= 8; turn++) {
      const files = turn % 2 === 1 ? faultyConfig(String(turn), turn) : stampedConfig(String(turn));
      await mount.swap({ ...files, ...tls });
      const [series, count] =
        turn % 2 === 1
          ? ['pillion_config_reload_failures_total\\{stage="\\w+"\\}', 0]
          : ["pillion_config_generation", turn / 2];
      await vi.waitFor(async () => expect(await metric(series)).toBeGreaterThan(count), patience);
      if (turn % 2 === 0) {
        const stamps = await Promise.all(Array.from({ length: 8 }, stamp));
        expect(new Set(stamps)).toEqual(new Set([String(turn)]));
      }
    }
    const result = await load.stop();
    agent.destroy();
    expect(result.failures).toEqual([]);
    expect(result.answers).toBeGreaterThan(10);
  });

  it("take a ProxyConfig each without compiling again: what pods have shown of the templates is kept", async () => {
    const objects = join(folder, "objects.yaml");
    const proxyConfig = (turn: number) =>
      writeFile(
        objects,
        `apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata: {name: all, namespace: busy}\nspec: {concurrency: ${turn}}\n`,
      );
    await proxyConfig(1);
    const { url, metric } = await pool("--objects", objects);
    const inject = async (namespace: string) => {
      const answer = await send(url, { ...post, ca: testAuthority }, reviewOf(stampedPod, namespace));
      expect(stampOf(answer)).toBe("0");
    };
    const rendered = (path: string) => metric(`pillion_render_total\\{path="${path}"\\}`);
    for (let turn = 0; turn < 8; turn++) await inject("calm");
    const [recorded, fast] = [await rendered("recorded"), await rendered("fast")];
    // Each worker's first pod.
    expect([recorded, fast, await rendered("slow")]).toEqual([2, 6, 0]);
    for (let turn = 2; turn <= 6; turn++) {
      await proxyConfig(turn);
      await vi.waitFor(async () => expect(await metric("pillion_config_generation")).toBe(turn), patience);
      for (let count = 0; count < 4; count++) await inject("calm");
    }
    expect(await rendered("recorded")).toBe(recorded);
    expect(await rendered("fast")).toBe(fast + 20);
  });

  it("show a new certificate together", async () => {
    const { mount, url, metric } = await pool();
    const fresh = await testCertificate(["localhost"]);
    await mount.swap({ ...stampedConfig("0"), "tls.crt": fresh.certificatePem, "tls.key": fresh.keyPem });
    await vi.waitFor(
      async () => expect(await metric('pillion_certificate_reloads_total\\{result="taken"\\}')).toBe(1),
      patience,
    );
    // Only the new certificate leaves out the address.
    const byAddress = url.replace("localhost", "127.0.0.1");
    for (let turn = 0; turn < 6; turn++) {
      await expect(send(byAddress, { ...post, ca: testAuthority }, reviewOf(stampedPod))).rejects.toThrow(
        /IP|altnames/,
      );
    }
  });

  it("are replaced when they die, with the newest configuration, and no count falls", async () => {
    const { webhook, mount, tls, stamp, metric } = await pool();
    for (let turn = 0; turn < 10; turn++) await stamp();
    expect(await metric("sidecar_injection_requests_total")).toBe(10);
    await mount.swap({ ...stampedConfig("2"), ...tls });
    await vi.waitFor(async () => expect(await metric("pillion_config_generation")).toBe(2), patience);
    const died = [...pids(webhook, "review answered")];
    expect(died.length).toBe(2);
    for (const [count, pid] of died.entries()) {
      process.kill(Number(pid), "SIGKILL");
      await vi.waitFor(async () => {
        expect(await metric("pillion_worker_restarts_total")).toBe(count + 1);
        expect(await metric("pillion_workers")).toBe(2);
      }, patience);
    }
    for (let turn = 0; turn < 4; turn++) expect(await stamp()).toBe("2");
    expect(await metric("sidecar_injection_requests_total")).toBe(14);
  });

  it("end in order with the primary, and one that is told to end alone is not", async () => {
    const { webhook, url, stamp } = await pool();
    for (let turn = 0; turn < 6; turn++) await stamp();
    for (const pid of pids(webhook, "review answered")) process.kill(Number(pid), "SIGTERM");
    expect(await stamp()).toBe("0");
    webhook.child.kill("SIGTERM");
    expect(await webhook.ended).toEqual({ code: 0, signal: null });
    await expect(send(url, { ...post, ca: testAuthority }, body)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("that cannot listen end the program with the reason", async () => {
    const { webhook } = await pool();
    const taken = String((await webhook.ready).https);
    const second = start("--workers", "2", "--https-address", `127.0.0.1:${taken}`);
    expect((await second.ended).code).toBe(1);
    expect(second.stderr()).toContain("EADDRINUSE");
  });
});
