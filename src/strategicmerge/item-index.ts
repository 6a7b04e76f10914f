import { isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { goPrint } from "./go-print.js";
import { StrategicMergeError } from "./strategic-merge-error.js";

/** An item of a keyed list. Its key's value may be anything that can be compared. */
export function keyOf(item: JsonValue, mergeKey: string): JsonValue {
  if (mergeKey === "") return plain(item);
  if (!isObject(item)) throw new StrategicMergeError("list-items-differ", `${goPrint(item)} is not a map`);
  if (!Object.hasOwn(item, mergeKey)) throw missingKey(item, mergeKey);
  return plain(item[mergeKey] ?? null);
}

/** The same number may come as a number or as a bigint. */
function plain(value: JsonValue): JsonValue {
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

export function missingKey(item: JsonObject, mergeKey: string): StrategicMergeError {
  return new StrategicMergeError(
    "merge-key-missing",
    `map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`,
  );
}

/** Where each key stands first in a list. */
export function firstPositions(list: readonly JsonValue[], mergeKey: string): Map<JsonValue, number> {
  const positions = new Map<JsonValue, number>();
  for (const [index, item] of list.entries()) {
    const key = keyOf(item, mergeKey);
    if (!positions.has(key)) positions.set(key, index);
  }
  return positions;
}
