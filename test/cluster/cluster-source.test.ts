import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ClusterSource,
  type ClusterSourceOptions,
  httpsClient,
  openClusterSource,
  type WatchTiming,
} from "../../src/cluster/index.js";
import { ReloadError, type SourceTexts } from "../../src/config/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { recordingLog, recordingMetrics } from "../../src/telemetry/index.js";
import { ApiServer } from "./api-server.js";

const configMaps = "/api/v1/namespaces/istio-system/configmaps";
const proxyConfigs = "/apis/networking.istio.io/v1beta1/proxyconfigs";
const nodes = "/api/v1/nodes";
const namespaces = "/api/v1/namespaces";

const timing: WatchTiming = { silenceMs: 300, relistMs: 60_000, firstRetryMs: 10, retryLimitMs: 50 };

function configMap(name: string, data: Record<string, string>): JsonObject {
  return { metadata: { name, namespace: "istio-system" }, data };
}

function proxyConfig(name: string, spec: JsonObject, namespace = "app"): JsonObject {
  return { metadata: { name, namespace, managedFields: [{ manager: "kubectl" }] }, spec };
}

function node(name: string, kubeletVersion: string, heartbeat = "1"): JsonObject {
  return {
    metadata: { name, annotations: { heartbeat } },
    status: { nodeInfo: { kubeletVersion, kernelVersion: "6" }, images: [{ sizeBytes: 1 }] },
  };
}

/** Waits for something that sockets bring about. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error(`it did not come true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("the cluster as a source of configuration", () => {
  let server: ApiServer;
  let port: number;
  let log = recordingLog();
  let metrics = recordingMetrics();
  const open: ClusterSource[] = [];

  beforeEach(async () => {
    log = recordingLog();
    metrics = recordingMetrics();
    server = new ApiServer();
    port = await server.start();
    server.serve(
      configMaps,
      configMap("istio-sidecar-injector", { config: "policy: enabled", values: "{}" }),
      configMap("istio", { mesh: "trustDomain: one" }),
      configMap("other", { config: "not ours" }),
    );
    server.serve(proxyConfigs, proxyConfig("a", { concurrency: 2 }));
    server.serve(nodes, node("n1", "v1.33.1"));
    server.serve(namespaces, {
      metadata: { name: "app", annotations: { "openshift.io/sa.scc.uid-range": "1/2", x: "y" } },
    });
  });

  afterEach(async () => {
    for (const source of open.splice(0)) source.close();
    await server.stop();
  });

  async function start(options: Partial<ClusterSourceOptions> = {}): Promise<ClusterSource> {
    const client = httpsClient({ server: new URL(`http://127.0.0.1:${port}`), authorize: async () => {} });
    const source = await openClusterSource(
      client,
      {
        namespace: "istio-system",
        injectConfigMap: "istio-sidecar-injector",
        meshConfigMap: "istio",
        proxyConfigs: true,
        nodes: true,
        namespaces: true,
        startMs: 20_000,
        debounceMs: 5,
        timing,
        ...options,
      },
      { log, metrics, now: Date.now, random: () => 0.5 },
    );
    open.push(source);
    return source;
  }

  /** Follows a source: the last texts and all errors. */
  function follow(source: ClusterSource) {
    const told: { texts: SourceTexts; errors: ReloadError[]; changes: number } = {
      texts: source.texts,
      errors: [],
      changes: 0,
    };
    source.watch({
      onChange: (texts) => {
        told.texts = texts;
        told.changes++;
      },
      onError: (error) => told.errors.push(error),
    });
    return told;
  }

  it("reads both ConfigMaps by their names and the objects reduced to what is looked at", async () => {
    const { texts } = await start();
    expect(texts.injectConfig).toEqual({
      text: "policy: enabled",
      source: "ConfigMap istio-system/istio-sidecar-injector, config",
    });
    expect(texts.values.text).toBe("{}");
    expect(texts.mesh?.text).toBe("trustDomain: one");
    expect(texts.templates).toEqual([]);
    expect(texts.clusterObjects).toEqual([
      {
        apiVersion: "networking.istio.io/v1beta1",
        kind: "ProxyConfig",
        metadata: { name: "a", namespace: "app" },
        spec: { concurrency: 2 },
      },
      {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "n1" },
        status: { nodeInfo: { kubeletVersion: "v1.33.1" } },
      },
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "app", annotations: { "openshift.io/sa.scc.uid-range": "1/2" } },
      },
    ]);
    const selectors = server.requests(configMaps, "list").map(({ query }) => query.get("fieldSelector"));
    expect(selectors.sort()).toEqual(["metadata.name=istio", "metadata.name=istio-sidecar-injector"]);
  });

  it("watches only what the configuration needs", async () => {
    await start({ nodes: false, namespaces: false, proxyConfigs: false });
    expect(new Set(server.seen.map(({ path }) => path))).toEqual(new Set([configMaps]));
  });

  it("tells of changes, creations and deletions, and changes that come together as one", async () => {
    const told = follow(await start());
    await until(() => server.watches(proxyConfigs) === 1 && server.watches(configMaps) === 2);
    server.put(configMaps, configMap("istio-sidecar-injector", { config: "policy: disabled", values: "{}" }));
    server.put(proxyConfigs, proxyConfig("b", { concurrency: 3 }));
    server.delete(proxyConfigs, "a");
    await until(() => told.texts.injectConfig.text === "policy: disabled");
    await until(() => JSON.stringify(told.texts.clusterObjects).includes('"b"'));
    await until(() => !JSON.stringify(told.texts.clusterObjects).includes('"a"'));
    expect(told.changes).toBeLessThanOrEqual(4);
  });

  it("tells of a change at once, and of a flood of them a few times, with the last in the end", async () => {
    const intervalMs = 400;
    const source = await start({ intervalMs, timing: { ...timing, silenceMs: 60_000 } });
    const told = new Set<string>();
    const begun = Date.now();
    source.watch({
      onChange: ({ clusterObjects }) =>
        told.add(/"concurrency":(\d+)/.exec(JSON.stringify(clusterObjects))?.[1] ?? ""),
      onError: (error) => told.add(error.message),
    });
    await until(() => server.watches(proxyConfigs) === 1 && told.has("2"));
    for (let turn = 1; turn <= 100; turn++) {
      server.put(proxyConfigs, proxyConfig("a", { concurrency: turn + 10 }));
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (turn === 1) await until(() => told.has("11"));
    }
    await until(() => told.has("110"));
    // The first two were told at once.
    expect(told.size).toBeLessThanOrEqual(3 + (Date.now() - begun) / intervalMs);
  });

  it("keeps the objects that have not changed, also when all are listed anew", async () => {
    server.put(proxyConfigs, proxyConfig("b", { concurrency: 4 }));
    const told = follow(await start());
    await until(() => server.watches(proxyConfigs) === 1);
    const named = (name: string) =>
      told.texts.clusterObjects?.find((object) => JSON.stringify(object).includes(`"name":"${name}"`));
    const [a, b] = [named("a"), named("b")];
    server.serve(proxyConfigs, proxyConfig("a", { concurrency: 2 }), proxyConfig("b", { concurrency: 5 }));
    server.compact();
    server.cut();
    await until(() => named("b") !== b);
    expect(server.requests(proxyConfigs, "list").length).toBe(2);
    expect(named("a")).toBe(a);
  });

  it("lists in pages, and anew when a page came too late", async () => {
    server.serve(nodes, ...Array.from({ length: 1201 }, (_, index) => node(`n${index}`, "v1.33.0")));
    server.expirePages = true;
    const { texts } = await start({ startMs: 20_000 });
    expect(texts.clusterObjects?.filter((object) => JSON.stringify(object).includes('"Node"'))).toHaveLength(
      1201,
    );
    expect(server.requests(nodes, "list").length).toBe(5);
  });

  it("a Node's heartbeat is no change of the texts", async () => {
    const told = follow(await start());
    await until(() => server.watches(nodes) === 1);
    await until(() => told.changes === 1);
    server.put(nodes, node("n1", "v1.33.1", "2"));
    server.put(nodes, node("n2", "v1.33.2"));
    await until(() => told.changes === 2);
    server.put(nodes, node("n1", "v1.33.1", "3"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told.changes).toBe(2);
  });

  it("resumes a watch that was cut, without a list, and misses nothing", async () => {
    const told = follow(await start());
    await until(() => server.watches(nodes) === 1);
    server.cut();
    server.put(nodes, node("n2", "v1.31.0"));
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("v1.31.0"));
    expect(server.requests(nodes, "list")).toHaveLength(1);
    expect(metrics.value("pillion_watch_failures_total", { resource: "nodes", reason: "unreachable" })).toBe(
      1,
    );
  });

  it("lists anew when its place is forgotten, whether told by an event or by a status", async () => {
    const told = follow(await start());
    await until(() => server.watches(nodes) === 1);
    server.serve(nodes, node("n3", "v1.30.0"));
    server.compact();
    server.cut();
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("v1.30.0"));
    expect(JSON.stringify(told.texts.clusterObjects)).not.toContain("n1");
    server.refusals.set(nodes, 410);
    server.cut();
    await until(
      () => metrics.value("pillion_watch_failures_total", { resource: "nodes", reason: "expired" }) > 1,
    );
    server.serve(nodes, node("n4", "v1.29.0"));
    server.refusals.clear();
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("v1.29.0"));
  });

  it("gives up a watch that says nothing, and tells when it was last heard", async () => {
    await start();
    await until(() => server.watches(nodes) === 1);
    const before = metrics.value("pillion_watch_last_contact_timestamp_seconds", { resource: "nodes" });
    await until(
      () => metrics.value("pillion_watch_failures_total", { resource: "nodes", reason: "silent" }) > 0,
    );
    await until(
      () => metrics.value("pillion_watch_last_contact_timestamp_seconds", { resource: "nodes" }) > before,
    );
    await until(() => server.requests(nodes, "watch").length > 1);
  });

  it("bookmarks keep a quiet watch alive and move its place", async () => {
    await start();
    await until(() => server.watches(nodes) === 1);
    const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "9999" } } };
    for (let count = 0; count < 10; count++) {
      server.send(nodes, `${JSON.stringify(bookmark)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(server.requests(nodes, "watch")).toHaveLength(1);
    server.cut();
    await until(() => server.requests(nodes, "watch").length > 1);
    expect(server.requests(nodes, "watch")[1]?.query.get("resourceVersion")).toBe("9999");
  });

  it("lists anew from time to time, which finds what a watch has lost", async () => {
    const told = follow(await start({ timing: { ...timing, relistMs: 1000, silenceMs: 5000 } }));
    server.putSilently(nodes, node("n1", "v1.20.0"));
    server.cut();
    await until(() => server.requests(nodes, "watch").length > 1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    server.cut();
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("v1.20.0"));
  });

  it("keeps what it knows through a restart of the API server, and follows the new one", async () => {
    const source = await start();
    const told = follow(source);
    await until(() => server.watches(nodes) === 1);
    await server.stop();
    await until(() => source.states().some(({ state }) => state.startsWith("failing")));
    server.refuse = 403;
    await server.start(port);
    await until(() => source.states().some(({ state }) => state.startsWith("denied")));
    expect(JSON.stringify(told.texts.clusterObjects)).toContain("v1.33.1");
    expect(JSON.stringify(source.texts.clusterObjects)).toContain("v1.33.1");
    server.put(nodes, node("n9", "v1.28.0"));
    server.refuse = undefined;
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("v1.28.0"));
    await until(() => source.states().every(({ state }) => state === "listed"));
    expect(told.errors).toEqual([]);
  });

  it("works without the kind ProxyConfig and says so once, and finds it when it comes", async () => {
    server.refusals.set(proxyConfigs, 404);
    const source = await start();
    const told = follow(source);
    expect(JSON.stringify(source.texts.clusterObjects)).not.toContain("ProxyConfig");
    const sayings = () =>
      log.records.filter(({ message }) => message === "the cluster does not know this kind");
    expect(sayings()[0]?.fields).toMatchObject({
      resource: "ProxyConfigs",
      effect: "ProxyConfigs have no effect",
    });
    server.refusals.clear();
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("ProxyConfig"));
    expect(sayings()).toHaveLength(1);
  });

  it("works without the right to read Nodes and says what that means", async () => {
    server.refusals.set(nodes, 403);
    const { texts } = await start();
    expect(JSON.stringify(texts.clusterObjects)).not.toContain('"Node"');
    expect(log.records.find(({ message }) => message === "this may not be read")?.fields).toEqual({
      resource: "Nodes",
      effect: "sidecars are not native unless a pod asks for it",
    });
  });

  it("leaves out a ProxyConfig that cannot be read, and names it once", async () => {
    server.put(proxyConfigs, proxyConfig("bad", { concurrency: "many" }));
    const source = await start();
    expect(JSON.stringify(source.texts.clusterObjects)).not.toContain("many");
    const told = follow(source);
    await until(() => server.watches(nodes) === 1);
    server.put(nodes, node("n2", "v1.33.2"));
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("n2"));
    expect(log.records.filter(({ message }) => message === "ProxyConfig is left out")).toHaveLength(1);
    expect(log.records).toContainEqual(
      expect.objectContaining({
        message: "ProxyConfig is left out",
        fields: expect.objectContaining({ resource: "app/bad" }),
      }),
    );
  });

  it("refuses to start without the ConfigMap or one of its keys, and names what is missing", async () => {
    await expect(start({ injectConfigMap: "nowhere" })).rejects.toThrow(
      /there is no ConfigMap istio-system\/nowhere\. Install/,
    );
    server.put(configMaps, configMap("half", { config: "policy: enabled" }));
    await expect(start({ injectConfigMap: "half" })).rejects.toThrow(
      "ConfigMap istio-system/half lacks the key values",
    );
    server.refusals.set(configMaps, 403);
    await expect(start()).rejects.toThrow(/refused with 403/);
  });

  it("refuses to start when the API server is not there, and says what happened", async () => {
    await server.stop();
    await expect(start({ startMs: 200 })).rejects.toThrow(/cannot read ConfigMap .* in time: .*ECONNREFUSED/);
    await server.start(port);
    server.mute = true;
    await expect(start({ startMs: 200 })).rejects.toThrow(/in time: no answer|does not answer/);
    server.mute = false;
  });

  it("starts once the API server comes, within its time", async () => {
    server.refuse = 503;
    const starting = start({ startMs: 5000 });
    await until(() => server.seen.length > 5);
    server.refuse = undefined;
    expect((await starting).texts.values.text).toBe("{}");
  });

  it("keeps the last good texts when the ConfigMap goes, and says what is missing", async () => {
    const source = await start();
    const told = follow(source);
    await until(() => server.watches(configMaps) === 2);
    server.delete(configMaps, "istio-sidecar-injector");
    await until(() => told.errors.length > 0);
    expect(told.errors[0]).toBeInstanceOf(ReloadError);
    expect(told.errors[0]?.message).toMatch(/^there is no ConfigMap/);
    expect(told.texts.injectConfig.text).toBe("policy: enabled");
    server.delete(configMaps, "istio");
    server.put(configMaps, configMap("istio-sidecar-injector", { config: "policy: disabled", values: "{}" }));
    await until(() => told.texts.injectConfig.text === "policy: disabled");
    expect(told.texts.mesh?.text).toBe("trustDomain: one");
  });

  it("uses the built-in mesh config where there is none, and says so", async () => {
    const { texts } = await start({ meshConfigMap: "nowhere" });
    expect(texts.mesh?.text).toContain("rootNamespace: istio-system");
    expect(log.records.map(({ message }) => message)).toContain("there is no mesh config in the cluster");
  });

  it("survives events that are none, and half a line", async () => {
    const told = follow(await start());
    await until(() => server.watches(nodes) === 1);
    for (const event of ["nonsense\n", "[]\n", '{"type":"NEW","object":{}}\n', '{"type":"ADDED"}\n']) {
      const before = server.requests(nodes, "watch").length;
      server.send(nodes, event);
      await until(() => server.requests(nodes, "watch").length > before && server.watches(nodes) === 1);
    }
    server.send(nodes, '{"type":"ADDED","object":{"meta');
    server.cut();
    await until(() => server.watches(nodes) === 1);
    server.put(nodes, node("n5", "v1.27.0"));
    await until(() => JSON.stringify(told.texts.clusterObjects).includes("v1.27.0"));
  });

  it("takes a name such as __proto__ for a name", async () => {
    server.put(nodes, node("__proto__", "v1.26.0"));
    const { texts } = await start();
    expect(JSON.stringify(texts.clusterObjects)).toContain('"__proto__"');
  });

  it("asks nothing more after it was closed", async () => {
    const source = await start();
    await until(() => server.watches(nodes) === 1);
    source.close();
    await until(() => server.watches(nodes) === 0 && server.watches(configMaps) === 0);
    const count = server.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(server.seen.length).toBe(count);
  });
});
