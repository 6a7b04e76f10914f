import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exposedMetrics } from "../support/exposed-metrics.js";
import { foreignMetrics } from "../support/foreign-metrics.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { createPod } from "./creation-loop.js";
import { until } from "./objects.js";

describe("an injector that does not answer", () => {
  let plane: ControlPlane;
  const page = async () => (await plane.kubectl("get", "--raw", "/metrics")).stdout;
  /** The labels of all series of a metric. */
  const series = async (name: string) =>
    [...(await page()).matchAll(new RegExp(`^${name}\\{(.*)\\} `, "gm"))].map(([, labels]) => labels);
  const entry = 'name="rev.namespace.sidecar-injector.istio.io"';

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    const { code, stderr } = await plane.helm("install", "pillion", chart, "-n", "istio-system");
    expect(code, stderr).toBe(0);
  });
  afterAll(async () => plane?.stop());

  it("is seen in the API server's metrics as the alert on failed calls looks for it", async () => {
    // A new configuration takes the API server a moment.
    await until("a refusal", async () =>
      (await createPod(plane, "refused", { namespace: "mesh" })).text.includes("failed calling webhook"),
    );
    // The code of calls that failed: 400 in Kubernetes 1.33, 503 in 1.36.
    const code = plane.environment.release === "older" ? 400 : 503;
    const failed = `error_type="calling_webhook_error",${entry},operation="CREATE",rejection_code="${code}",type="admit"`;
    expect(await series("apiserver_admission_webhook_rejection_count")).toEqual([failed]);

    const ignoring = ["--set", "webhook.failurePolicy=Ignore"];
    const upgraded = await plane.helm("upgrade", "pillion", chart, "-n", "istio-system", ...ignoring);
    expect(upgraded.code, upgraded.stderr).toBe(0);
    await until(
      "pods that pass",
      async () => (await createPod(plane, "bare", { namespace: "mesh" })).status === 201,
    );
    expect(await series("apiserver_admission_webhook_fail_open_count")).toEqual([`${entry},type="admit"`]);
  });

  it("leaves metrics with the types and labels that alerts and dashboard count on", async () => {
    const exposed = exposedMetrics(await page());
    for (const [name, { type, labels }] of foreignMetrics)
      if (name.startsWith("apiserver_")) expect(exposed.get(name), name).toMatchObject({ type, labels });
  });
});
