import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingLog } from "../../src/telemetry/index.js";
import { reviewFixture, reviewOf } from "../support/admission-review.js";
import { keepAliveAgent } from "../support/https-client.js";
import { Load } from "../support/load.js";
import { MountedFolder } from "../support/mounted-folder.js";
import { turns } from "../support/soak.js";
import { faultyConfig, stampedConfig, stampedPod, stampOf } from "../support/stamped-config.js";
import { startWebhookUnderTest, testAuthority, testCertificate } from "../support/webhook-under-test.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pillion-reload-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("changes under load", () => {
  it(`${turns(150, 1000)} reloads, every other one faulty: no request fails, and no answer is mixed`, async () => {
    const mount = new MountedFolder(folder);
    await mount.swap(stampedConfig("0"));
    const files = { injectConfig: mount.path("config"), values: mount.path("values"), objects: [] };
    const webhook = await startWebhookUnderTest({ files }, recordingLog("warn"));
    const agent = keepAliveAgent(testAuthority, 8);
    const url = `https://localhost:${webhook.httpsPort}/inject`;
    const good = new Set(["0"]);
    const seen = new Set<string>();
    const load = new Load(
      4,
      () => ({ url, agent, body: reviewOf(stampedPod) }),
      (answer) => {
        const stamp = stampOf(answer);
        seen.add(stamp);
        return good.has(stamp) ? undefined : `an answer of the faulty configuration ${stamp}`;
      },
    );
    const count = turns(150, 1000);
    for (let turn = 1; turn <= count; turn++) {
      const stamp = String(turn);
      if (turn % 2 === 0) await mount.swap(faultyConfig(stamp, turn / 2));
      else {
        good.add(stamp);
        await mount.swap(stampedConfig(stamp));
      }
      await webhook.check();
      await load.further(1);
    }
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.answers).toBeGreaterThanOrEqual(count);
    expect(seen.size).toBeGreaterThan(count / 4);
    expect(await webhook.metric("pillion_config_generation")).toBe(count / 2 + 1);
    const { text } = await webhook.monitor("/metrics");
    const refused = [...text.matchAll(/^pillion_config_reload_failures_total\{stage="(\w+)"\} (\d+)$/gm)];
    expect(refused.map(([, stage]) => stage).sort()).toEqual(["parse", "samples", "templates"]);
    expect(refused.reduce((sum, [, , failures]) => sum + Number(failures), 0)).toBe(count / 2);
    agent.destroy();
    await webhook.end();
  });

  it("200 certificate swaps: no request fails, neither on new connections nor on open ones", async () => {
    const webhook = await startWebhookUnderTest();
    const url = `https://localhost:${webhook.httpsPort}/inject`;
    const kept = keepAliveAgent(testAuthority, 4);
    const fresh = new Agent({ keepAlive: false, ca: testAuthority });
    const body = reviewFixture("shaped-v1-skip-annotation");
    const loads = [kept, fresh].map(
      (agent) =>
        new Load(
          1,
          () => ({ url, agent, body }),
          () => undefined,
        ),
    );
    const shown = new Set<string>();
    for (let turn = 0; turn < 200; turn++) {
      const pair = await testCertificate();
      await writeFile(webhook.certificate.certificate, pair.certificatePem);
      await writeFile(webhook.certificate.key, pair.keyPem);
      await webhook.check();
      shown.add(webhook.fingerprint());
    }
    for (const load of loads) await load.further(2);
    const results = await Promise.all(loads.map((load) => load.stop()));
    expect(results.flatMap((result) => result.failures)).toEqual([]);
    expect(shown.size).toBe(200);
    for (const agent of [kept, fresh]) agent.destroy();
    await webhook.end();
  });
});

describe("a change of the files", () => {
  it("is heard of without being asked for, and told where people look", async () => {
    const mount = new MountedFolder(folder);
    await mount.swap(stampedConfig("1"));
    const files = { injectConfig: mount.path("config"), values: mount.path("values"), objects: [] };
    const webhook = await startWebhookUnderTest({ files });
    const stamp = async () => stampOf(await webhook.post("/inject", reviewOf(stampedPod)));
    expect(await stamp()).toBe("1");
    await mount.swap(stampedConfig("2"));
    while ((await stamp()) !== "2") await new Promise((resolve) => setTimeout(resolve, 5));
    await mount.swap({ ...stampedConfig("3"), values: "global: [" });
    await webhook.check();
    expect(await stamp()).toBe("2");
    const { status, text } = await webhook.monitor("/ready?verbose");
    expect(status).toBe(200);
    expect(text).toMatch(
      /configuration generation 2 in use since .*; a change was refused at .* \(parse\): /,
    );
    expect(text).toContain(`${mount.path("values")}:1:`);
    await webhook.end();
  });

  it("that takes a file away keeps the last good configuration, and the file is taken up when it is back", async () => {
    const mount = new MountedFolder(folder);
    await mount.swap(stampedConfig("1"));
    const files = { injectConfig: mount.path("config"), values: mount.path("values"), objects: [] };
    const webhook = await startWebhookUnderTest({ files });
    const stamp = async () => stampOf(await webhook.post("/inject", reviewOf(stampedPod)));
    await mount.swap({ config: stampedConfig("2").config ?? "" });
    await webhook.check();
    expect(await stamp()).toBe("1");
    const { status, text } = await webhook.monitor("/ready?verbose");
    expect(status).toBe(200);
    expect(text).toContain("(read): cannot read the configuration: ENOENT");
    expect(await webhook.metric('pillion_config_reload_failures_total{stage="read"}')).toBe(1);
    await mount.swap(stampedConfig("3"));
    await webhook.check();
    expect(await stamp()).toBe("3");
    await webhook.end();
  });

  it("is followed for every file: objects and mesh config too", async () => {
    const mount = new MountedFolder(folder);
    const mesh = (trustDomain: string) => `trustDomain: ${trustDomain}\n`;
    await mount.swap({ mesh: mesh("one.example"), objects: "" });
    const files = { mesh: mount.path("mesh"), objects: [mount.path("objects")] };
    const webhook = await startWebhookUnderTest({ files });
    const injected = async () => {
      const { text } = await webhook.post("/inject", reviewFixture("shaped-v1-create"));
      return Buffer.from(JSON.parse(text).response.patch, "base64").toString();
    };
    expect(await injected()).toContain("one.example");
    const proxyConfig = `apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: all, namespace: shop}
spec: {concurrency: 7}
`;
    await mount.swap({ mesh: mesh("two.example"), objects: proxyConfig });
    await webhook.check();
    expect(await injected()).toContain("two.example");
    expect(await injected()).toContain('\\"concurrency\\":7');
    await webhook.end();
  });
});
