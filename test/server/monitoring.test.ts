import { describe, expect, it } from "vitest";
import { reviewFixture, reviewOf, smallPod } from "../support/admission-review.js";
import { startWebhookUnderTest, type WebhookUnderTest } from "../support/webhook-under-test.js";

async function withWebhook(
  run: (webhook: WebhookUnderTest) => Promise<void>,
  overrides: Parameters<typeof startWebhookUnderTest>[0] = {},
): Promise<void> {
  const webhook = await startWebhookUnderTest(overrides);
  try {
    await run(webhook);
  } finally {
    await webhook.end();
  }
}

describe("the metrics", () => {
  it("count as Istio's do: an answered review is a success, a refusing one a failure too", () =>
    withWebhook(async (webhook) => {
      await webhook.post("/inject", reviewFixture("shaped-v1-create"));
      await webhook.post("/inject", reviewFixture("shaped-v1beta1-create"));
      await webhook.post("/inject", reviewFixture("shaped-v1-skip-annotation"));
      await webhook.post("/inject", "a: yaml", { "content-type": "application/yaml" });
      await webhook.post("/inject", "\u0001\u0002abc{");
      await webhook.post("/inject", "");
      const istio = await Promise.all(
        ["requests", "success", "failure", "skip"].map((name) =>
          webhook.metric(`sidecar_injection_${name}_total`),
        ),
      );
      expect(istio).toEqual([6, 4, 3, 1]);
      expect(await webhook.metric("sidecar_injection_time_seconds_count")).toBe(6);
      expect(await webhook.metric("pillion_injection_duration_seconds_count")).toBe(6);
    }));

  it("count every request in exactly one series of result and reason", () =>
    withWebhook(async (webhook) => {
      const reviews = [
        "v1-create",
        "v1-skip-annotation",
        "v1-update",
        "v1-template-unknown",
        "v1-no-request",
      ];
      for (const name of reviews) await webhook.post("/inject", reviewFixture(`shaped-${name}`));
      await webhook.post("/inject", "");
      await webhook.post("/inject", reviewOf(smallPod(), 'a"b\nc'));
      const { text } = await webhook.monitor("/metrics");
      const series = [...text.matchAll(/^pillion_injections_total\{(.*)\} (\d+)$/gm)];
      expect(Object.fromEntries(series.map(([, labels, count]) => [labels, Number(count)]))).toEqual({
        'result="injected",reason="policy-enabled"': 2,
        'result="skipped",reason="annotation-false"': 1,
        'result="skipped",reason="not-create"': 1,
        'result="failed",reason="template-unknown"': 1,
        'result="failed",reason="request-missing"': 1,
        'result="rejected",reason="body-empty"': 1,
      });
      expect(text).not.toContain('a\\"b');
    }));

  it("tell how each template was rendered", () =>
    withWebhook(async (webhook) => {
      for (const name of ["a", "b", "c", "d"]) await webhook.post("/inject", reviewOf(smallPod(name)));
      await webhook.post("/inject", reviewFixture("shaped-v1-skip-annotation"));
      const rendered = (path: string) => webhook.metric(`pillion_render_total{path="${path}"}`);
      expect(await rendered("fast")).toBeGreaterThanOrEqual(3);
      expect((await rendered("fast")) + (await rendered("recorded")) + (await rendered("slow"))).toBe(4);
    }));

  it("tell that every template is rendered from scratch where skeletons are turned off", () =>
    withWebhook(
      async (webhook) => {
        for (const name of ["a", "b"]) await webhook.post("/inject", reviewOf(smallPod(name)));
        const { text } = await webhook.monitor("/metrics");
        expect(text.match(/^pillion_render_total\{.*$/gm)).toEqual(['pillion_render_total{path="slow"} 2']);
      },
      {
        settings: {
          revision: "default",
          nativeSidecars: "false",
          compliancePolicy: "",
          platform: "",
          environment: {},
          skeletons: false,
        },
      },
    ));

  it("say on each page whether it is ready, as the probe does", async () => {
    let now = Date.now();
    const webhook = await startWebhookUnderTest({}, undefined, { now: () => now });
    try {
      expect(await webhook.metric("pillion_ready")).toBe(1);
      // The certificate of the tests ends after a day.
      now += 2 * 86_400_000;
      expect((await webhook.monitor("/ready")).status).toBe(503);
      expect(await webhook.metric("pillion_ready")).toBe(0);
    } finally {
      await webhook.end();
    }
  });

  it("tell configuration, certificate, build and process", () =>
    withWebhook(async (webhook) => {
      const { text, headers } = await webhook.monitor("/metrics");
      expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(await webhook.metric("pillion_config_generation")).toBe(1);
      expect(await webhook.metric("pillion_requests_in_flight")).toBe(0);
      expect(await webhook.metric("pillion_config_last_reload_success_timestamp_seconds")).toBeGreaterThan(
        1e9,
      );
      expect(await webhook.metric("pillion_certificate_expiry_timestamp_seconds")).toBeGreaterThan(
        Date.now() / 1000,
      );
      expect(text).toContain('pillion_build_info{version="0.0.0-test",istio="0.0.0",node="v');
      expect(text).toContain("process_resident_memory_bytes");
      expect(text).toContain("nodejs_heap_size_used_bytes");
    }));
});

describe("the probes", () => {
  it("are on both ports, empty unless details are asked for", () =>
    withWebhook(async (webhook) => {
      expect(await webhook.get("/ready")).toMatchObject({ status: 200, text: "" });
      expect(await webhook.monitor("/ready")).toMatchObject({ status: 200, text: "" });
      expect(await webhook.monitor("/livez")).toMatchObject({ status: 200, text: "" });
      for (const { text } of [await webhook.get("/ready?verbose"), await webhook.monitor("/ready?verbose")]) {
        expect(text).toMatch(/^\[\+\]configuration generation 1 in use since /m);
        expect(text).toMatch(/^\[\+\]certificate valid until /m);
        expect(text).toMatch(/^\[\+\]tls-handshake done on port \d+$/m);
        expect(text).toMatch(/\nok\n$/);
      }
      expect((await webhook.monitor("/livez?verbose")).text).toContain("[+]process runs as ");
    }));
});

describe("the log level", () => {
  it("can be changed while it runs, and only to one that is known", () =>
    withWebhook(async (webhook) => {
      expect(webhook.log.level()).toBe("info");
      expect(await webhook.monitor("/log-level?level=debug", "PUT")).toMatchObject({
        status: 200,
        text: "debug\n",
      });
      expect(webhook.log.level()).toBe("debug");
      expect((await webhook.monitor("/log-level?level=loud", "PUT")).status).toBe(400);
      expect((await webhook.monitor("/log-level?level=error", "GET")).status).toBe(404);
      expect(webhook.log.level()).toBe("debug");
    }));
});
