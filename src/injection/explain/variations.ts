import { isObject, type JsonObject, type JsonValue, objectAt, setOwn, withKey } from "../../json/index.js";
import { loadMeshConfig, MeshError, parseValues, protoJson } from "../../mesh/index.js";
import type { InjectionContext } from "../injection-context.js";
import type { Snapshot } from "../snapshot.js";

/** Everything that goes into one injection. */
export interface InjectionInput {
  readonly pod: JsonObject;
  readonly context: InjectionContext;
  readonly snapshot: Snapshot;
}

/** The input with one cause taken away or changed. What then comes out otherwise comes from that cause. */
export interface Variation {
  /** Such as `annotation proxy.istio.io/config` or `values global.hub`. */
  readonly cause: string;
  readonly input: InjectionInput;
}

/** The input without one of the templates that were chosen. */
export function templateVariations(input: InjectionInput, chosen: readonly string[]): readonly Variation[] {
  const asked = new Set([...chosen, ...input.snapshot.defaultTemplates, ...input.snapshot.aliases.keys()]);
  const expand = (name: string): readonly string[] => input.snapshot.aliases.get(name) ?? [name];
  return [...new Set(chosen)].map((left) => {
    const aliases = new Map([...asked].map((name) => [name, expand(name).filter((one) => one !== left)]));
    return { cause: `template ${left}`, input: { ...input, snapshot: { ...input.snapshot, aliases } } };
  });
}

/** The input with each annotation and label taken away, each value and mesh setting changed, and so on. */
export function* settingVariations(input: InjectionInput): Generator<Variation> {
  yield* metadataVariations(input);
  yield* valuesVariations(input);
  yield* meshVariations(input);
  yield* otherVariations(input);
}

function* metadataVariations(input: InjectionInput): Generator<Variation> {
  const metadata = objectAt(input.pod, "metadata") ?? {};
  for (const [kind, name] of [
    ["annotations", "annotation"],
    ["labels", "label"],
  ] as const) {
    const map = objectAt(metadata, kind) ?? {};
    for (const key of Object.keys(map)) {
      const rest = withKey(map, key, undefined);
      yield {
        cause: `${name} ${key}`,
        input: { ...input, pod: { ...input.pod, metadata: { ...metadata, [kind]: rest } } },
      };
    }
  }
}

function* valuesVariations(input: InjectionInput): Generator<Variation> {
  for (const { path, tree } of changedLeaves(input.snapshot.values.loose)) {
    const values = attempt(() => parseValues(tree));
    if (values !== undefined)
      yield { cause: `values ${path}`, input: { ...input, snapshot: { ...input.snapshot, values } } };
  }
}

function* meshVariations(input: InjectionInput): Generator<Variation> {
  const written: JsonValue = JSON.parse(protoJson(input.snapshot.mesh));
  if (!isObject(written)) return;
  for (const { path, tree } of [...changedLeaves(written), ...unsetLeaves(written)]) {
    const mesh = attempt(() => loadMeshConfig(tree));
    if (mesh !== undefined)
      yield { cause: `mesh config ${path}`, input: { ...input, snapshot: { ...input.snapshot, mesh } } };
  }
}

function* otherVariations(input: InjectionInput): Generator<Variation> {
  const { snapshot, context } = input;
  yield {
    cause: "revision",
    input: { ...input, snapshot: { ...snapshot, revision: `${snapshot.revision}x` } },
  };
  yield {
    cause: "compliance policy",
    input: { ...input, snapshot: { ...snapshot, compliancePolicy: `${snapshot.compliancePolicy}x` } },
  };
  for (const [key] of snapshot.injectedAnnotations) {
    const rest = new Map([...snapshot.injectedAnnotations].filter(([one]) => one !== key));
    yield {
      cause: `injectedAnnotations ${key}`,
      input: { ...input, snapshot: { ...snapshot, injectedAnnotations: rest } },
    };
  }
  if (context.owner !== undefined) {
    const owner = { ...context.owner, name: `${context.owner.name}x` };
    yield { cause: `${context.owner.kind} name`, input: { ...input, context: { ...context, owner } } };
  }
}

/** Settings of the proxy that count although nobody has set them: the built-in default stands for them. */
function unsetLeaves(mesh: JsonObject): readonly { path: string; tree: JsonObject }[] {
  const config = objectAt(mesh, "defaultConfig") ?? {};
  const settings: JsonObject = { interceptionMode: "TPROXY", holdApplicationUntilProxyStarts: true };
  return Object.entries(settings)
    .filter(([key]) => !Object.hasOwn(config, key))
    .map(([key, value]) => ({
      path: `defaultConfig.${key}`,
      tree: replaced(mesh, "defaultConfig", replaced(config, key, value)),
    }));
}

/** A setting that is changed may be one that nothing accepts; it then tells nothing. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return undefined;
  }
}

/** Each tree in which one leaf is another value of the same type, with the leaf's path. */
function* changedLeaves(tree: JsonObject): Generator<{ path: string; tree: JsonObject }> {
  for (const [key, value] of Object.entries(tree)) {
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const inner of changedLeaves(value))
        yield { path: `${key}.${inner.path}`, tree: replaced(tree, key, inner.tree) };
    } else yield { path: key, tree: replaced(tree, key, changed(value)) };
  }
}

function replaced(tree: JsonObject, key: string, value: JsonValue): JsonObject {
  const copy: JsonObject = { ...tree };
  setOwn(copy, key, value);
  return copy;
}

function changed(value: JsonValue): JsonValue {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (typeof value === "bigint") return value + 1n;
  if (typeof value === "string") return otherText(value);
  return Array.isArray(value) ? [...value, "x"] : "x";
}

/** Texts that are read as something else change to the same kind of thing, so that they are still accepted. */
function otherText(text: string): string {
  const duration = /^(\d+)((?:\.\d+)?s)$/.exec(text);
  if (duration !== null) return `${Number(duration[1]) + 1}${duration[2]}`;
  const port = /^(.*:)(\d+)$/.exec(text);
  if (port !== null) return `${port[1]}${Number(port[2]) + 1}`;
  const quantity = /^(\d+)(m|k|M|G|Ki|Mi|Gi)?$/.exec(text);
  if (quantity !== null) return `${Number(quantity[1]) + 1}${quantity[2] ?? ""}`;
  const enums: Readonly<Record<string, string>> = {
    REDIRECT: "TPROXY",
    TPROXY: "REDIRECT",
    MUTUAL_TLS: "NONE",
  };
  return (Object.hasOwn(enums, text) ? enums[text] : undefined) ?? `${text}x`;
}
