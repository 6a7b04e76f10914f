import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  embeddedDefaults,
  SnapshotLoader,
  type SnapshotSettings,
  type SourceTexts,
} from "../../src/config/index.js";
import { compileConfig, type RenderPath, type Snapshot } from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { type Comparison, compare } from "./compare.js";
import { anyNamespace, clusterObjects } from "./random-clusters.js";
import { fillShape, podShapes } from "./random-pods.js";
import { randomFrom } from "./random-texts.js";

/** A part of the pods of the suite, since each configuration is compiled anew to compare with. */
const runs = Math.ceil(Number(process.env.PILLION_EQUIVALENCE_PODS ?? 1500) / 300);
const seed = Number(process.env.PILLION_EQUIVALENCE_SEED ?? 8);

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const texts: SourceTexts = { injectConfig, values, mesh, templates: [...templates], objects: [] };

/** What happens: an object is there, another is gone, the values change, or a pod comes. */
type Step =
  | { readonly kind: "put"; readonly object: JsonObject }
  | { readonly kind: "drop"; readonly place: number }
  | { readonly kind: "values"; readonly blank: string }
  | { readonly kind: "pod"; readonly shape: number; readonly namespace: string; readonly seed: number };

function step<T extends object>(
  weight: number,
  kind: Step["kind"],
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
) {
  return { weight, arbitrary: fc.record({ kind: fc.constant(kind), ...fields }) as fc.Arbitrary<unknown> };
}

const steps = fc.array(
  fc.oneof(
    step(6, "put", { object: clusterObjects }),
    step(1, "drop", { place: fc.nat(5) }),
    step(1, "values", { blank: fc.constantFrom("\n", "\n\n") }),
    step(16, "pod", { shape: fc.nat(2), namespace: anyNamespace, seed: fc.integer() }),
  ) as fc.Arbitrary<Step>,
  { minLength: 20, maxLength: 80 },
);

/** A configuration that is changed step by step, and the same compiled anew. */
class ChangingConfiguration {
  readonly #objects = new Map<string, JsonObject>();
  readonly #loader: SnapshotLoader;
  readonly #settings: SnapshotSettings;
  #texts: SourceTexts = { ...texts, clusterObjects: [] };
  #compiled: Snapshot | undefined;
  snapshot: Snapshot;

  constructor(settings: SnapshotSettings) {
    this.#settings = settings;
    this.#loader = new SnapshotLoader(settings);
    this.snapshot = this.#loader.load(this.#texts);
  }

  /** What a process would have that has just started. */
  get compiled(): Snapshot {
    const { templates: added, clusterObjects: objects = [], mesh: meshText = "", ...others } = this.#texts;
    this.#compiled ??= compileConfig({
      ...others,
      ...this.#settings,
      ...(meshText === "" ? {} : { mesh: meshText }),
      templates: new Map(added),
      objects: structuredClone(objects),
      skeletons: false,
    });
    return this.#compiled;
  }

  take(step: Exclude<Step, { kind: "pod" }>): void {
    if (step.kind === "put") this.#objects.set(keyOf(step.object), step.object);
    if (step.kind === "drop") this.#objects.delete([...this.#objects.keys()][step.place] ?? "");
    const changed = step.kind === "values" ? { values: { ...values, text: values.text + step.blank } } : {};
    const last = { texts: this.#texts, snapshot: this.snapshot };
    this.#texts = { ...this.#texts, ...changed, clusterObjects: [...this.#objects.values()] };
    this.snapshot = this.#loader.load(this.#texts, last);
    this.#compiled = undefined;
  }
}

function keyOf({ kind, metadata }: JsonObject): string {
  return isObject(metadata) ? `${String(kind)} ${String(metadata.namespace)}/${String(metadata.name)}` : "";
}

describe("a configuration that changes while pods come", () => {
  it.each(["", "openshift"])("injects each pod as one that was compiled anew (platform %j)", (platform) => {
    const paths: RenderPath[] = [];
    const results: Comparison["result"][] = [];
    const shape = podShapes([undefined, undefined, "gateway", "grpc-agent"]);
    const settings = { revision: "default", compliancePolicy: "", environment: {}, platform };
    fc.assert(
      fc.property(fc.tuple(shape, shape, shape), steps, (shapes, all) => {
        const configuration = new ChangingConfiguration({ ...settings, nativeSidecars: "auto" });
        for (const one of all) {
          if (one.kind !== "pod") {
            configuration.take(one);
            continue;
          }
          const pod = fillShape(shapes[one.shape]?.pod ?? {}, randomFrom(one.seed), "tame");
          if (!isObject(pod)) throw new Error("a pod is an object");
          const { snapshot: fast, compiled: slow } = configuration;
          const asked = { pod, context: { namespace: one.namespace }, seed: one.seed };
          const comparison = compare({ name: "changing", fast, slow, asked: [] }, asked);
          paths.push(...comparison.paths);
          results.push(comparison.result);
        }
      }),
      { numRuns: runs, seed },
    );
    // Else the comparison would prove nothing.
    expect(results).toContain("injected");
    expect(paths.filter((path) => path === "fast").length).toBeGreaterThan(paths.length / 4);
  });
});
