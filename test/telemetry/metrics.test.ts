import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { metricTable, prometheusMetrics, recordingMetrics } from "../../src/telemetry/index.js";

describe("the Prometheus metrics", () => {
  it("have Istio's five names, help texts and buckets, without labels, from the start", async () => {
    const text = await prometheusMetrics(client).text();
    for (const name of ["requests", "success", "failure", "skip"]) {
      expect(text).toContain(
        `# TYPE sidecar_injection_${name}_total counter\nsidecar_injection_${name}_total 0\n`,
      );
    }
    expect(text).toContain(
      "# HELP sidecar_injection_requests_total Total number of sidecar injection requests.",
    );
    const bounds = [...text.matchAll(/sidecar_injection_time_seconds_bucket\{le="([^"]+)"\}/g)].map(
      (m) => m[1],
    );
    expect(bounds).toEqual(["0.1", "1", "3", "5", "10", "20", "30", "60", "+Inf"]);
  });

  it("measure injections from a quarter of a millisecond to two and a half seconds", () => {
    const { buckets } = metricTable.pillion_injection_duration_seconds;
    expect([buckets[0], buckets.at(-1)]).toEqual([0.00025, 2.5]);
  });

  it("count a label value that is not in the closed table as other", async () => {
    const labelValues = new Map([["pillion_injections_total/reason", new Set(["label-true"])]]);
    const metrics = prometheusMetrics(client, { labelValues });
    metrics.increment("pillion_injections_total", { result: "injected", reason: "label-true" });
    metrics.increment("pillion_injections_total", { result: "injected", reason: 'a user\'s "text"' });
    const text = await metrics.text();
    expect(text).toContain('pillion_injections_total{result="injected",reason="label-true"} 1');
    expect(text).toContain('pillion_injections_total{result="injected",reason="other"} 1');
    expect(text).not.toContain("user's");
  });

  it("of several processes add up, and what only the primary knows stays as it says", async () => {
    const [primary, one, two] = [
      prometheusMetrics(client),
      prometheusMetrics(client),
      prometheusMetrics(client),
    ];
    for (const worker of [one, two]) worker.increment("sidecar_injection_requests_total");
    one.increment("pillion_injections_total", { result: "skipped", reason: "label-false" });
    two.observe("pillion_injection_duration_seconds", 0.002);
    primary.set("pillion_config_generation", 7);
    const text = await primary.aggregate([await one.state(), await two.state()]);
    expect(text).toContain("sidecar_injection_requests_total 2");
    expect(text).toContain('pillion_injections_total{result="skipped",reason="label-false"} 1');
    expect(text).toContain("pillion_injection_duration_seconds_count 1");
    expect(text).toContain("pillion_config_generation 7");
  });

  it("of a process that is gone go on counting, without its gauges", async () => {
    const [primary, gone] = [prometheusMetrics(client), prometheusMetrics(client)];
    gone.increment("sidecar_injection_requests_total");
    gone.observe("pillion_injection_duration_seconds", 0.002);
    gone.set("pillion_requests_in_flight", 5);
    const once = await primary.retire([await gone.state()]);
    const text = await primary.aggregate([await primary.retire([once, await gone.state()])]);
    expect(text).toContain("sidecar_injection_requests_total 2");
    expect(text).toContain("pillion_injection_duration_seconds_count 2");
    expect(text).toContain("pillion_requests_in_flight 0");
  });

  it("tell about the Node process when asked", async () => {
    expect(await prometheusMetrics(client, { node: true }).text()).toContain("nodejs_eventloop_lag_seconds");
    expect(await prometheusMetrics(client).text()).not.toContain("nodejs_");
  });
});

describe("the recording metrics", () => {
  it("keep the value of every series", () => {
    const metrics = recordingMetrics();
    metrics.increment("sidecar_injection_requests_total");
    metrics.increment("sidecar_injection_requests_total");
    metrics.increment("pillion_injections_total", { result: "failed", reason: "internal" });
    metrics.set("pillion_config_generation", 3);
    metrics.observe("sidecar_injection_time_seconds", 0.1);
    expect(metrics.value("sidecar_injection_requests_total")).toBe(2);
    expect(metrics.value("pillion_injections_total", { reason: "internal", result: "failed" })).toBe(1);
    expect(metrics.value("pillion_injections_total", { reason: "internal", result: "skipped" })).toBe(0);
    expect([...metrics.series().keys()]).toContain("pillion_injections_total{reason=internal,result=failed}");
  });
});
