import { type Resolved, resolveScalar, type ScalarType } from "./resolve-scalar.js";
import { isTimestamp } from "./timestamp.js";

const prefix = "tag:yaml.org,2002:";
const typeOfTag: ReadonlyMap<string, ScalarType> = new Map([
  [`${prefix}bool`, "bool"],
  [`${prefix}null`, "null"],
  [`${prefix}int`, "int"],
  [`${prefix}float`, "float"],
]);
const tagOfType: Readonly<Record<ScalarType, string>> = {
  string: "!!str",
  bool: "!!bool",
  null: "!!null",
  int: "!!int",
  float: "!!float",
};

/** What a scalar with a tag means, or a sentence that says why it cannot have that tag. */
export function resolveTagged(text: string, tag: string): Resolved | string {
  if (tag === `${prefix}binary`) return readBinary(text);
  if (tag === `${prefix}timestamp`)
    return isTimestamp(text) ? { type: "string", value: text } : cannot("string", "!!timestamp");
  const wanted = typeOfTag.get(tag);
  if (wanted === undefined) return { type: "string", value: text };
  const resolved = resolveScalar(text);
  if (resolved.type === wanted) return resolved;
  if (wanted === "float" && resolved.type === "int" && isInt64(resolved.value))
    return { type: "float", value: Number(resolved.value) };
  return cannot(resolved.type, tagOfType[wanted]);
}

function cannot(found: ScalarType, wanted: string): string {
  return `cannot decode a ${tagOfType[found]} as a ${wanted}`;
}

function isInt64(value: Resolved["value"]): boolean {
  return typeof value === "number" || (typeof value === "bigint" && value < 1n << 63n);
}

function readBinary(text: string): Resolved | string {
  const compact = text.replace(/[\r\n]/g, "");
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact))
    return "!!binary value contains invalid base64 data";
  const bytes = Uint8Array.from(atob(compact), (char) => char.charCodeAt(0));
  return { type: "string", value: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) };
}
