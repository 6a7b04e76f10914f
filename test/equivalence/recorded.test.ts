import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, type RenderPath } from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { reviewFixture } from "../support/admission-review.js";
import { readDocuments } from "../support/compare.js";
import {
  caseFile,
  caseInput,
  injectionCases,
  podOfWorkload,
  requestNamespace,
  workloads,
} from "../support/injection-cases.js";
import { peerMissing, root } from "../support/peer.js";
import { type Comparison, compare } from "./compare.js";
import { type World, worlds } from "./worlds.js";

/** The same pod twice more, under other names: what the first showed is replayed for those that follow. */
function compareThrice(world: World, pod: JsonObject, namespace: string): readonly Comparison[] {
  const metadata = isObject(pod.metadata) ? pod.metadata : {};
  const named = (suffix: string) =>
    [metadata.name, metadata.generateName].map((name) => (typeof name === "string" ? name + suffix : name));
  return ["", "-b", "-c1"].map((suffix, seed) => {
    const [name, generateName] = named(suffix);
    const renamed = {
      ...pod,
      metadata: {
        ...metadata,
        ...(name === undefined ? {} : { name }),
        ...(generateName === undefined ? {} : { generateName }),
      },
    };
    return compare(world, { pod: renamed, context: { namespace }, seed });
  });
}

const missing = peerMissing("istio-inject", "cases.json");

describe.skipIf(missing !== undefined)(
  `the fast path is the slow one for the recorded cases${missing ? ` (${missing})` : ""}`,
  () => {
    const cases = missing === undefined ? [...injectionCases("webhook"), ...injectionCases("offline")] : [];
    const distinct = [...new Map(cases.map((one) => [one.name, one])).values()]
      .map((one) => ({ name: one.name, one, found: workloads(readDocuments(caseFile("inputs", one.input))) }))
      // Services and CronJobs are not what the webhook injects.
      .filter(({ found }) => found.length > 0);

    const tallies: (readonly RenderPath[])[] = [];

    it.each(distinct)("$name", ({ one, found }) => {
      const input = caseInput(one, embeddedDefaults.templates);
      const world: World = {
        name: one.name,
        fast: compileConfig(input),
        slow: compileConfig({ ...input, skeletons: false }),
        asked: [],
      };
      const namespace =
        isObject(one.namespace) && isObject(one.namespace.metadata)
          ? String(one.namespace.metadata.name)
          : undefined;
      const compared = found.flatMap((workload) =>
        compareThrice(world, podOfWorkload(workload), namespace ?? requestNamespace(workload)),
      );
      tallies.push(compared.flatMap(({ paths }) => paths));
    });

    it("compared the fast path and not the slow one with itself", () => {
      const rendered = tallies.filter((paths) => paths.length > 0);
      expect(rendered.filter((paths) => paths.includes("fast")).length).toBeGreaterThan(
        0.9 * rendered.length,
      );
    });
  },
);

/** The recorded reviews that hold a pod. */
const reviews = readdirSync(join(root, "test", "fixtures", "admission-reviews"))
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.replace(/\.json$/, ""))
  .flatMap((name): { readonly name: string; readonly pod: JsonObject; readonly namespace: string }[] => {
    const { request }: { readonly request?: JsonObject } = JSON.parse(reviewFixture(name));
    const pod = request?.object;
    return isObject(pod) && pod.kind === "Pod"
      ? [{ name, pod, namespace: String(request?.namespace ?? "") }]
      : [];
  });

describe("the fast path is the slow one for the recorded reviews", () => {
  const all = worlds();

  it.each(reviews)("$name, in every configuration", ({ pod, namespace }) => {
    const compared = all.flatMap((world) => compareThrice(world, pod, namespace));
    const injected = compared.filter(({ result }) => result === "injected");
    if (injected.length > 0) expect(injected.flatMap(({ paths }) => paths)).toContain("fast");
  });
});
