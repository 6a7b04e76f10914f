import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/peer.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { Injector } from "./injector.js";
import { node, type Pod, pause, proxyOf, until } from "./objects.js";

function template(name: string): unknown {
  return { metadata: { labels: { app: name } }, spec: { restartPolicy: "Never", containers: [pause] } };
}

describe("pods of real controllers", () => {
  let plane: ControlPlane;
  let injector: Injector;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    injector = await Injector.prepare(plane);
    await plane.namespace("istio-system");
    const installed = await plane.helm("install", "pillion", chart, "-n", "istio-system", ...injector.values);
    expect(installed.stderr).toBe("");
    await injector.start();
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.namespace("plain");
  });

  afterAll(async () => {
    await injector?.stop();
    await plane?.stop();
  });

  async function pods(namespace: string, selector: string, count: number): Promise<readonly Pod[]> {
    for (const end = Date.now() + 60_000; ; ) {
      const { items } = await plane.json<{ items: Pod[] }>("get", "pods", "-n", namespace, "-l", selector);
      if (items.length >= count) return items;
      if (Date.now() > end) throw new Error(`only ${items.length} pods of ${selector}`);
    }
  }

  it("come out of Bookinfo injected, each with one proxy", async () => {
    const bookinfo = readFileSync(join(root, "test", "fixtures", "bookinfo.yaml"), "utf8");
    const applied = await plane.kubectlWith(bookinfo, "apply", "-n", "mesh", "-f", "-");
    expect(applied.code, applied.stderr).toBe(0);
    const { items } = await plane.json<{ items: unknown[] }>("get", "deployments", "-n", "mesh");
    const made = await pods("mesh", "app", items.length);
    expect(made.length).toBeGreaterThanOrEqual(6);
    for (const pod of made) {
      expect(pod.metadata.ownerReferences?.[0]?.kind).toBe("ReplicaSet");
      expect(proxyOf(pod)?.name, pod.metadata.name).toBe("istio-proxy");
      expect(pod.metadata.labels?.["service.istio.io/canonical-name"]).toBe(pod.metadata.labels?.app);
    }
  });

  it("of Jobs, CronJobs, StatefulSets and DaemonSets are injected", async () => {
    await plane.apply(node("n1", "v1.36.0"));
    const object = (apiVersion: string, kind: string, name: string, spec: object) => ({
      apiVersion,
      kind,
      metadata: { name, namespace: "mesh" },
      spec,
    });
    const sets = (name: string) => ({
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [pause] } },
    });
    await plane.apply(
      object("batch/v1", "Job", "job", { template: template("job") }),
      object("batch/v1", "CronJob", "cron", {
        schedule: "* * * * *",
        jobTemplate: { spec: { template: template("cron") } },
      }),
      object("apps/v1", "StatefulSet", "stateful", { serviceName: "stateful", ...sets("stateful") }),
      object("apps/v1", "DaemonSet", "daemon", sets("daemon")),
    );
    const started = await plane.kubectl("create", "job", "-n", "mesh", "--from=cronjob/cron", "cron-now");
    expect(started.code, started.stderr).toBe(0);
    for (const name of ["job", "cron", "stateful", "daemon"]) {
      const [pod] = await pods("mesh", `app=${name}`, 1);
      expect(pod && proxyOf(pod)?.name, name).toBe("istio-proxy");
    }
  });

  it("that are skipped are stored as they were sent", async () => {
    const pod = (namespace: string, labels: Record<string, string>) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `skipped-${Object.keys(labels).length}`, namespace, labels },
      spec: { containers: [pause] },
    });
    await plane.apply(pod("plain", {}), pod("mesh", { "sidecar.istio.io/inject": "false" }));
    const { spec: untouched } = await plane.json<Pod>("get", "pod", "-n", "plain", "skipped-0");
    const { spec: refused } = await plane.json<Pod>("get", "pod", "-n", "mesh", "skipped-1");
    const anonymous = (spec: unknown) => JSON.stringify(spec).replaceAll(/kube-api-access-\w+/g, "token");
    expect(anonymous(refused)).toBe(anonymous(untouched));
    // One that reaches the injector, which then says no.
    const host = { ...pod("mesh", { a: "b", c: "d" }), spec: { hostNetwork: true, containers: [pause] } };
    await plane.apply(host, { ...host, metadata: { ...host.metadata, namespace: "plain" } });
    const inMesh = await plane.json<Pod>("get", "pod", "-n", "mesh", "skipped-2");
    const inPlain = await plane.json<Pod>("get", "pod", "-n", "plain", "skipped-2");
    expect(anonymous(inMesh.spec)).toBe(anonymous(inPlain.spec));
    expect(inMesh.metadata.labels).toEqual(inPlain.metadata.labels);
  });

  it("are refused with the reason when an annotation is wrong, and kubectl shows warnings", async () => {
    const pod = (name: string, annotations: Record<string, string>) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "mesh", annotations },
      spec: { containers: [pause] },
    });
    const wrong = pod("wrong", { "traffic.sidecar.istio.io/includeInboundPorts": "many" });
    const refused = await plane.kubectlWith(wrong, "create", "-f", "-");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/denied the request.*includeInboundPorts/s);
    const settings = "config.values.pilot.cni.enabled=true,config.values.pilot.cni.provider=multus";
    const release = ["pillion", chart, "-n", "istio-system", "--reuse-values", "--set", settings];
    const upgraded = await plane.helm("upgrade", ...release);
    expect(upgraded.code, upgraded.stderr).toBe(0);
    const odd = pod("odd", { "k8s.v1.cni.cncf.io/networks": "[not JSON]" });
    await until("the warning", async () => {
      const { stderr } = await plane.kubectlWith(odd, "create", "--dry-run=server", "-f", "-");
      return /^Warning: .*k8s\.v1\.cni\.cncf\.io\/networks is not a JSON list/m.test(stderr);
    });
  });

  it("leave the decision in the API server's audit log", async () => {
    const events = plane.audit().filter(({ objectRef }) => objectRef?.resource === "pods");
    const annotations = events.flatMap(({ annotations: found = {} }) => Object.entries(found));
    const ofOurs = annotations.filter(([key]) => key.includes("sidecar-injector.istio.io/"));
    const decisions = ofOurs.filter(([key]) => key.endsWith("/decision")).map(([, value]) => value);
    expect(decisions).toContain("inject");
    expect(decisions).toContain("skip");
    expect(new Set(ofOurs.map(([key]) => key.replace(/^.*\//, "")))).toContain("reason");
  });
});
