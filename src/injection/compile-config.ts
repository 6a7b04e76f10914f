import { GoTemplateError, parseTemplate, type Template } from "../gotemplate/index.js";
import { GoYamlError, yamlToJson } from "../goyaml/index.js";
import { isObject, type JsonObject, type JsonValue, jsonStringify, setOwn } from "../json/index.js";
import { compileSelector } from "../kube/index.js";
import {
  defaultMeshConfig,
  type InjectorValues,
  loadMeshConfig,
  MeshError,
  type MeshWarning,
  type Message,
  parseValues,
} from "../mesh/index.js";
import { refusedFunctions } from "../sprig/index.js";
import { type ClusterObjects, readClusterObjects } from "./cluster-objects.js";
import { ConfigError, type ConfigErrorPlace } from "./config-error.js";
import type { DecisionRules } from "./decide.js";
import { injectorFunctions } from "./functions/injector-functions.js";
import type { NativeSidecarsMode } from "./native-sidecars.js";
import type { PodSelector } from "./pod-selector.js";
import type { Snapshot } from "./snapshot.js";
import type { ConfigText, SnapshotInput } from "./snapshot-input.js";
import { type TextGuardMode, textGuardOf } from "./text-guard/text-guard.js";
import { beginTraces, continueTraces } from "./traces/snapshot-traces.js";

/**
 * Parses and checks a whole configuration: inject config, values, mesh config, templates and cluster objects.
 * Throws ConfigError with source, line, column and key as far as they are known; then nothing of it is in use.
 * Fields that Istio does not know are ignored, among them `template`, which its chart fills with a version check.
 *
 * Decided in ADR 0007.
 */
export function compileConfig(input: SnapshotInput): Snapshot {
  const [config, source] = readTree(input.injectConfig, "inject config");
  const reader = new ConfigReader(config, source);
  const templates = compileTemplates(reader, input.templates ?? new Map());
  const strict = input.strictOffline ?? false;
  const warnings: string[] = [];
  if (templates.size === 0) warnings.push("the inject config has no templates, so no pod can be injected");
  const snapshot: Snapshot = Object.freeze({
    revision: input.revision ?? "default",
    ...(strict
      ? { policy: "enabled", neverInjectSelector: [], alwaysInjectSelector: [] }
      : readRules(reader, warnings)),
    templates,
    templateNames: [...templates.keys()].sort(),
    namesInTemplates: namesIn(reader.texts("templates").values(), input.templates?.values() ?? []),
    defaultTemplates: strict ? ["sidecar"] : orSidecar(reader.strings("defaultTemplates")),
    aliases: strict ? new Map<string, readonly string[]>() : reader.lists("aliases"),
    injectedAnnotations: strict ? new Map<string, string>() : reader.texts("injectedAnnotations"),
    values: readValues(input.values),
    mesh: readMesh(input.mesh, warnings),
    cluster: readClusterObjects(input.objects ?? []),
    nativeSidecars: readMode(input.nativeSidecars),
    compliancePolicy: input.compliancePolicy ?? "",
    platform: input.platform ?? "",
    environment: Object.freeze({ ...input.environment }),
    strictOffline: strict,
    textGuard: textGuardOf(readGuardMode(input.textGuard), templates.values()),
    warnings,
  });
  if (input.skeletons ?? true) beginTraces(snapshot);
  return snapshot;
}

/**
 * The snapshot as it is with another cluster: its templates are the same objects, and what they have shown is kept (ADR
 * 504). It costs next to nothing beside compiling.
 */
export function withCluster(snapshot: Snapshot, cluster: ClusterObjects): Snapshot {
  const next: Snapshot = Object.freeze({ ...snapshot, cluster });
  continueTraces(snapshot, next);
  return next;
}

function orSidecar(templates: readonly string[]): readonly string[] {
  return templates.length === 0 ? ["sidecar"] : templates;
}

function readMode(mode: string | undefined): NativeSidecarsMode {
  if (mode === undefined || mode === "auto") return "auto";
  if (mode === "true" || mode === "false") return mode;
  throw new ConfigError(
    "setting-invalid",
    `native sidecars are auto, true or false, not ${JSON.stringify(mode)}`,
  );
}

function readGuardMode(mode: string | undefined): TextGuardMode {
  if (mode === undefined || mode === "enforce") return "enforce";
  if (mode === "warn" || mode === "off") return mode;
  throw new ConfigError(
    "setting-invalid",
    `the text guard is enforce, warn or off, not ${JSON.stringify(mode)}`,
  );
}

function isText(value: ConfigText | JsonObject): value is ConfigText {
  return typeof value.text === "string" && typeof value.source === "string";
}

function readTree(input: ConfigText | JsonObject, what: string): [JsonObject, string | undefined] {
  const [tree, source] = isText(input) ? [parseYaml(input), input.source] : [input, undefined];
  if (tree === null) return [{}, source];
  if (!isObject(tree))
    throw new ConfigError("type", `The ${what} must be a mapping`, source === undefined ? {} : { source });
  return [tree, source];
}

function parseYaml({ text, source }: ConfigText): JsonValue {
  try {
    return yamlToJson(text, { source });
  } catch (cause) {
    if (!(cause instanceof GoYamlError)) throw cause;
    const { line, column } = cause;
    throw new ConfigError(
      "syntax",
      cause.message,
      { source, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
      { cause },
    );
  }
}

/** Reads fields of the inject config and says where one of the wrong type stands. */
class ConfigReader {
  constructor(
    private readonly tree: JsonObject,
    private readonly source: string | undefined,
  ) {}

  place(key: string): ConfigErrorPlace {
    return this.source === undefined ? { key } : { key, source: this.source };
  }

  value(key: string): JsonValue {
    return (Object.hasOwn(this.tree, key) ? this.tree[key] : null) ?? null;
  }

  text(key: string): string {
    const value = this.value(key);
    if (value === null) return "";
    return typeof value === "string" ? value : this.wrong(key, "a string", value);
  }

  strings(key: string, value = this.value(key)): readonly string[] {
    if (value === null) return [];
    if (!Array.isArray(value)) return this.wrong(key, "a list of strings", value);
    return value.map((item, index) =>
      typeof item === "string" ? item : this.wrong(`${key}[${index}]`, "a string", item),
    );
  }

  objects(key: string): readonly JsonObject[] {
    const value = this.value(key);
    if (value === null) return [];
    if (!Array.isArray(value)) return this.wrong(key, "a list", value);
    return value.map((item, index) =>
      isObject(item) ? item : this.wrong(`${key}[${index}]`, "a mapping", item),
    );
  }

  texts(key: string): Map<string, string> {
    return this.map(key, (at, item) => (typeof item === "string" ? item : this.wrong(at, "a string", item)));
  }

  lists(key: string): Map<string, readonly string[]> {
    return this.map(key, (at, item) => this.strings(at, item));
  }

  private map<T>(key: string, read: (at: string, item: JsonValue) => T): Map<string, T> {
    const value = this.value(key);
    if (value === null) return new Map();
    if (!isObject(value)) return this.wrong(key, "a mapping", value);
    return new Map(Object.entries(value).map(([name, item]) => [name, read(`${key}.${name}`, item)]));
  }

  private wrong(key: string, wanted: string, value: JsonValue): never {
    const found = Array.isArray(value) ? "a list" : isObject(value) ? "a mapping" : jsonStringify(value);
    throw new ConfigError("type", `${key} must be ${wanted}, not ${found}`, this.place(key));
  }
}

function readRules(reader: ConfigReader, warnings: string[]): DecisionRules {
  const policy = reader.text("policy");
  if (policy !== "enabled" && policy !== "disabled")
    warnings.push(`policy is ${JSON.stringify(policy)}, not enabled or disabled, so no pod is injected`);
  return {
    policy,
    neverInjectSelector: readSelectors(reader, "neverInjectSelector", warnings),
    alwaysInjectSelector: readSelectors(reader, "alwaysInjectSelector", warnings),
  };
}

/** As in Istio an empty selector is not looked at (it would match everything), and a faulty one only draws a warning. */
function readSelectors(reader: ConfigReader, key: string, warnings: string[]): PodSelector[] {
  return reader.objects(key).flatMap((entry, index) => {
    const result = compileSelector(entry);
    if (!result.ok) warnings.push(`${key}[${index}] is ignored: ${result.error}`);
    return !result.ok || result.empty ? [] : [{ text: result.text, matches: result.matches }];
  });
}

function compileTemplates(
  reader: ConfigReader,
  added: ReadonlyMap<string, ConfigText>,
): Map<string, Template> {
  const texts = reader.texts("templates");
  const templates = new Map<string, Template>();
  for (const [name, text] of texts) {
    if (!added.has(name)) templates.set(name, compileTemplate(name, text, reader.place(`templates.${name}`)));
  }
  for (const [name, { text, source }] of added) templates.set(name, compileTemplate(name, text, { source }));
  return templates;
}

/** Begins where a word does, so that a long word is looked at once. */
const name = /(?<![\w.-])[_.-]*([A-Za-z0-9][\w.-]*\/[\w.-]+)/g;

/** Whatever looks like the name of an annotation or a label. */
function namesIn(own: Iterable<string>, added: Iterable<ConfigText>): ReadonlySet<string> {
  const texts = [...own, ...[...added].map(({ text }) => text)];
  return new Set(texts.flatMap((text) => Array.from(text.matchAll(name), ([, found = ""]) => found)));
}

function compileTemplate(name: string, text: string, place: ConfigErrorPlace): Template {
  try {
    return parseTemplate(name, text, { functions: injectorFunctions });
  } catch (cause) {
    if (!(cause instanceof GoTemplateError)) throw cause;
    const unknown = /function "([^"]+)" not defined/.exec(cause.message)?.[1];
    const refusal = unknown === undefined ? undefined : refusedFunctions.get(unknown);
    const at = { ...place, line: cause.line, column: cause.column };
    if (refusal !== undefined)
      throw new ConfigError("template-refused", `${cause.message}: ${refusal}`, at, { cause });
    throw new ConfigError("template-syntax", cause.message, at, { cause });
  }
}

/**
 * A copy of the values as templates see them: every number a float64, as Go reads JSON, and frozen, since what the template
 * of one pod could write there would reach all that follow.
 */
function templateValues(value: JsonValue): JsonValue {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return frozen(value.map(templateValues));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, templateValues(item));
  return frozen(copy);
}

function frozen<T extends object>(value: T): T {
  Object.freeze(value);
  return value;
}

function readValues(input: ConfigText | JsonObject): InjectorValues {
  const [given, source] = readTree(input, "values");
  const copy = templateValues(given);
  const tree = isObject(copy) ? copy : {};
  return asConfigError("values-invalid", source, () =>
    parseValues(tree, source === undefined ? {} : { source }),
  );
}

function readMesh(input: ConfigText | JsonObject | undefined, warnings: string[]): Message {
  if (input === undefined) return defaultMeshConfig();
  const [tree, source] = readTree(input, "mesh config");
  const found: MeshWarning[] = [];
  const mesh = asConfigError("mesh-invalid", source, () =>
    loadMeshConfig(tree, { ...(source === undefined ? {} : { source }), warnings: found }),
  );
  warnings.push(...found.map(({ message }) => message));
  return mesh;
}

function asConfigError<T>(
  code: "values-invalid" | "mesh-invalid",
  source: string | undefined,
  read: () => T,
): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof MeshError)) throw cause;
    const place = {
      ...(source === undefined ? {} : { source }),
      ...(cause.path === undefined ? {} : { key: cause.path }),
    };
    throw new ConfigError(code, cause.message, place, { cause });
  }
}
