import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, inject, type RenderPath } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const settings = { injectConfig, values, mesh, templates };

const turnings = [
  "proxyCPU",
  "proxyCPULimit",
  "proxyMemory",
  "proxyMemoryLimit",
  "proxyImage",
  "logLevel",
  "componentLogLevel",
  "agentLogLevel",
];

/** A pod whose annotations send it a way of its own through the sidecar template. */
function podOfPath(index: number) {
  const chosen = turnings.filter((_, bit) => (index >> bit) % 2 === 1);
  const annotations = Object.fromEntries(chosen.map((name) => [`sidecar.istio.io/${name}`, "1"]));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", annotations },
    spec: { containers: [{ name: "web", image: "example.com/web:1" }] },
  };
}

describe("how a pod is rendered", () => {
  const snapshot = compileConfig(settings);
  const render = (index: number, of = snapshot): readonly RenderPath[] => {
    const paths: RenderPath[] = [];
    inject(podOfPath(index), { namespace: "shop", onRender: (path) => paths.push(path) }, of);
    return paths;
  };
  const ordinary = (count: number) => Array.from({ length: count }, () => render(0));

  it("is told: the first of a path is remembered and the next one fast, also when older paths are forgotten for it", () => {
    ordinary(1);
    for (let path = 1; path < 256; path++) {
      // Those who pay for it.
      ordinary(8);
      expect([path, render(path)]).toEqual([path, ["recorded"]]);
      expect([path, render(path)]).toEqual([path, ["fast"]]);
    }
  });

  it("is slow for paths that nobody pays for, and fast for the others all the while", () => {
    const poor = compileConfig(settings);
    render(0, poor);
    const first = Array.from({ length: 255 }, (_, path) => render(path + 1, poor)[0]);
    const recorded = first.filter((path) => path === "recorded").length;
    // 64 are given, and every pod pays for an eighth of one.
    expect(recorded).toBeGreaterThanOrEqual(63);
    expect(recorded).toBeLessThan(64 + 256 / 8);
    expect(first.filter((path) => path === "slow").length).toBe(255 - recorded);
    expect(render(0, poor)).toEqual(["fast"]);
  });

  it("is slow without skeletons", () => {
    const without = compileConfig({ ...settings, skeletons: false });
    expect([render(0, without), render(0, without)]).toEqual([["slow"], ["slow"]]);
  });

  it("writes the ports of each pod, however alike those of the pod before are", () => {
    const podWith = (port: JsonObject): JsonObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web" },
      spec: { containers: [{ name: "web", image: "example.com/web:1", ports: [port] }] },
    });
    const recording = compileConfig(settings);
    const executing = { ...recording };
    const port: JsonObject = { name: "http", containerPort: 80 };
    const check = (one: JsonObject): void => {
      const pod = podWith(one);
      const expected = inject(pod, { namespace: "shop" }, executing).patch;
      expect(inject(pod, { namespace: "shop" }, recording).patch).toEqual(expected);
    };
    for (const one of [
      { name: "http", containerPort: 80 },
      { name: "http", containerPort: 80 },
      { containerPort: 80, name: "http" },
      { name: "http", containerPort: 80, hostPort: 0 },
      { name: "http", containerPort: 80, hostPort: -0 },
      { name: "http", containerPort: 81 },
      { name: "http", containerPort: 81, protocol: "UDP" },
      { name: "http", ContainerPort: 81, protocol: "UDP" },
      { name: "http", containerPort: 81, more: { deep: 1 } },
      { name: "http", containerPort: 81, more: { deep: 2 } },
      JSON.parse('{ "name": "http", "containerPort": 81, "__proto__": "own" }'),
      JSON.parse('{ "name": "http", "containerPort": 81, "__proto__": "other" }'),
      port,
      port,
    ])
      check(one);
    // A caller may change what it gave once it has its answer.
    port.containerPort = 82;
    check(port);
  });
});
