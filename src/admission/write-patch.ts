import type { InjectionResult } from "../injection/index.js";
import { isDeepFrozen, type JsonObject, type JsonValue, jsonStringify, jsonText } from "../json/index.js";

/** A patch, and what injection knows of the text of its values. */
type Written = Pick<InjectionResult, "patch" | "textOf">;

/**
 * The JSON text of a patch, as JSON.stringify writes it. Most of it is what all pods of a template share: such parts are
 * deeply frozen, so the text of each is made once and lives as long as the part.
 */
export function writePatch(result: Written): string {
  let text = "";
  for (const operation of result.patch) {
    if (text !== "") text += ",";
    text +=
      "value" in operation
        ? `{"op":"${operation.op}","path":${jsonText(operation.path)},"value":${write(operation.value, result)}}`
        : JSON.stringify(operation);
  }
  return `[${text}]`;
}

const texts = new WeakMap<object, string>();

function write(value: JsonValue, result: Written): string {
  if (typeof value === "string") return jsonText(value);
  if (typeof value !== "object" || value === null) return stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  if (!isDeepFrozen(value))
    return Array.isArray(value)
      ? writeList(value, result)
      : (result.textOf?.(value) ?? writeObject(value, result));
  const made = stringify(value);
  texts.set(value, made);
  return made;
}

/** As JSON.stringify, and integers that no double holds: a pod's annotations may bring them. */
function stringify(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return jsonStringify(value);
  }
}

function writeList(items: readonly JsonValue[], result: Written): string {
  let text = "";
  for (const item of items) text += text === "" ? write(item, result) : `,${write(item, result)}`;
  return `[${text}]`;
}

function writeObject(object: JsonObject, result: Written): string {
  let text = "";
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    if (text !== "") text += ",";
    text += `${jsonText(key)}:${write(value, result)}`;
  }
  return `{${text}}`;
}
