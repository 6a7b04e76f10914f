import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, inject, type RenderPath } from "../../src/injection/index.js";

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
});
