import { formatFloat } from "../go/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { MeshError } from "./mesh-error.js";
import { parseTree } from "./parse-tree.js";
import { type ValuesTable, type ValuesType, valuesTable } from "./values-table.js";

/** What the injector itself reads of the values. Strings that are not given are empty. */
export interface TypedValues {
  readonly hub: string;
  /** Printed as Go prints the scalar: the number 11 is `11`, 20240101 is `2.0240101e+07`. */
  readonly tag: string;
  readonly variant: string;
  /** Base name of the proxy's image; empty means proxyv2. */
  readonly proxyImage: string;
  readonly proxyInitImage: string;
  readonly clusterName: string;
  readonly network: string;
  /** Undefined when the values do not say. */
  readonly holdApplicationUntilProxyStarts: boolean | undefined;
  readonly rewriteAppHTTPProbe: boolean;
}

/** The values in both forms. */
export interface InjectorValues {
  /** What templates see as `.Values`, just as it was given. */
  readonly loose: JsonObject;
  readonly typed: TypedValues;
}

/**
 * Reads the injector's values, YAML or JSON text or a tree. Unknown keys are kept for templates. Throws a {@link MeshError}
 * whose message begins with `could not parse configuration values: ` for a text that is no mapping or a known key of the wrong type.
 */
export function parseValues(
  input: string | JsonObject,
  { source = "the values" }: { readonly source?: string | undefined } = {},
): InjectorValues {
  const tree = readTree(input, source);
  if (tree !== null && !isObject(tree)) throw refuse(source, "", tree, "object");
  const loose = tree ?? {};
  checkTable(valuesTable, loose, "", source);
  return { loose, typed: typedValues(loose) };
}

const prefix = "could not parse configuration values: ";

function readTree(input: string | JsonObject, source: string): JsonValue {
  try {
    return parseTree(input, source);
  } catch (cause) {
    if (!(cause instanceof MeshError)) throw cause;
    const { code, line, column, detail } = cause;
    throw new MeshError(code, `${prefix}${cause.message}`, {
      source,
      line,
      column,
      detail: `${prefix}${detail}`,
      cause,
    });
  }
}

function checkTable(table: ValuesTable, tree: JsonObject, path: string, source: string): void {
  for (const [key, type] of Object.entries(table)) {
    const value = getOwn(tree, key) ?? null;
    if (value !== null) checkValue(type, value, path === "" ? key : `${path}.${key}`, source);
  }
}

function checkValue(type: ValuesType, value: JsonValue, path: string, source: string): void {
  if (type === "strings" && Array.isArray(value)) {
    for (const [i, item] of value.entries()) checkValue("string", item, `${path}[${i}]`, source);
  } else if (typeof type === "string") {
    if (!accepts[type](value)) throw refuse(source, path, value, type);
  } else if (isObject(value)) checkTable(type, value, path, source);
  else throw refuse(source, path, value, "object");
}

const accepts: Readonly<Record<Exclude<ValuesType, ValuesTable>, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  // Quoted numbers are numbers to protobuf's JSON, in which Istio reads the values.
  number: (value) =>
    typeof value === "number" ||
    typeof value === "bigint" ||
    (typeof value === "string" && /^\s*\d+\s*$/.test(value)),
  scalar: (value) => !isObject(value) && !Array.isArray(value),
  object: isObject,
  list: Array.isArray,
  strings: Array.isArray,
};

const names: Readonly<Record<Exclude<ValuesType, ValuesTable>, string>> = {
  string: "a string",
  bool: "true or false",
  number: "a number",
  scalar: "a string, a number or a bool",
  object: "a mapping",
  list: "a list",
  strings: "a list of strings",
};

function refuse(
  source: string,
  path: string,
  value: JsonValue,
  type: Exclude<ValuesType, ValuesTable>,
): MeshError {
  const found = describe(value);
  const remedy = type === "string" && found.startsWith("the ") ? "; put it in quotes" : "";
  const detail = `${prefix}${path === "" ? "the document" : path} must be ${names[type]}, not ${found}${remedy}`;
  return new MeshError("type", `${detail} (${source})`, { source, path, detail });
}

function describe(value: JsonValue): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "a mapping";
  if (typeof value === "bigint") return `the number ${value}`;
  return value === null ? "null" : `the ${typeof value} ${JSON.stringify(value)}`;
}

function typedValues(values: JsonObject): TypedValues {
  const at = (...path: string[]): JsonValue | undefined => {
    let value: JsonValue | undefined = values;
    for (const key of path) value = isObject(value) ? getOwn(value, key) : undefined;
    return value;
  };
  const text = (...path: string[]): string => {
    const value = at(...path);
    return typeof value === "string" ? value : "";
  };
  const hold = at("global", "proxy", "holdApplicationUntilProxyStarts");
  return {
    hub: text("global", "hub"),
    tag: printTag(at("global", "tag")),
    variant: text("global", "variant"),
    proxyImage: text("global", "proxy", "image"),
    proxyInitImage: text("global", "proxy_init", "image"),
    clusterName: text("global", "multiCluster", "clusterName"),
    network: text("global", "network"),
    holdApplicationUntilProxyStarts: typeof hold === "boolean" ? hold : undefined,
    rewriteAppHTTPProbe: at("sidecarInjectorWebhook", "rewriteAppHTTPProbe") === true,
  };
}

/** As Go's fmt prints it: an unquoted tag that looks like a number of many digits is not printed as it was written. */
function printTag(tag: JsonValue | undefined): string {
  if (typeof tag === "number" || typeof tag === "bigint") return formatFloat(Number(tag), "g", -1, 64);
  if (tag === null) return "<nil>";
  return tag === undefined ? "" : String(tag);
}
