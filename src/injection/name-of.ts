import { type JsonObject, textOrEmpty } from "../json/index.js";

/** The name of a container, volume or the like; empty when it has none. */
export function nameOf(item: JsonObject): string {
  return textOrEmpty(item, "name");
}
