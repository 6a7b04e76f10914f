import type { InjectionResult } from "../injection/index.js";
import { isDeepFrozen, type JsonObject, type JsonValue } from "../kube/index.js";

/**
 * The JSON text of a patch, as JSON.stringify writes it. Most of it is what all pods of a template share: such parts are
 * deeply frozen, so the text of each is made once and lives as long as the part.
 */
export function writePatch(patch: InjectionResult["patch"]): string {
  let text = "";
  for (const operation of patch) {
    if (text !== "") text += ",";
    text +=
      "value" in operation
        ? `{"op":"${operation.op}","path":${writeText(operation.path)},"value":${write(operation.value)}}`
        : JSON.stringify(operation);
  }
  return `[${text}]`;
}

const texts = new WeakMap<object, string>();

function write(value: JsonValue): string {
  if (typeof value === "string") return writeText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  if (!isDeepFrozen(value)) return Array.isArray(value) ? writeList(value) : writeObject(value);
  const made = JSON.stringify(value);
  texts.set(value, made);
  return made;
}

function writeList(items: readonly JsonValue[]): string {
  let text = "";
  for (const item of items) text += text === "" ? write(item) : `,${write(item)}`;
  return `[${text}]`;
}

function writeObject(object: JsonObject): string {
  let text = "";
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    if (text !== "") text += ",";
    text += `${writeText(key)}:${write(value)}`;
  }
  return `{${text}}`;
}

/** Characters that stand for themselves in a JSON string. */
const simple = /^[ !#-[\]-~]*$/;

function writeText(text: string): string {
  return simple.test(text) ? `"${text}"` : JSON.stringify(text);
}
