import { getOwn, isObject, type JsonValue } from "../json/index.js";
import { directive } from "./directive.js";
import { goPrint } from "./go-print.js";
import { keyOf } from "./item-index.js";
import { StrategicMergeError } from "./strategic-merge-error.js";

/**
 * Checks that the items of a patch's list stand in the order that its `$setElementOrder` gives. Items to delete do not count,
 * other items with a `$patch` only where the order has come to its end, as in Kubernetes. An empty order fits every list.
 * Throws StrategicMergeError `order-mismatch`.
 */
export function checkOrder(items: readonly JsonValue[], order: readonly JsonValue[], mergeKey: string): void {
  if (order.length === 0) return;
  const kept = items.filter((item) => mergeKey === "" || directiveOf(item) !== "delete");
  let next = 0;
  for (const wanted of order) {
    while (next < kept.length && directiveOf(kept[next] ?? null) !== undefined) next++;
    const item = kept[next];
    if (item === undefined) return;
    if (keyOf(item, mergeKey) === keyOf(wanted, mergeKey)) next++;
  }
  if (next >= kept.length) return;
  throw new StrategicMergeError(
    "order-mismatch",
    `The order in patch list:\n${goPrint([...items])}\n doesn't match $setElementOrder list:\n${goPrint([...order])}\n`,
  );
}

/** The `$patch` of an item; undefined when it has none. */
function directiveOf(item: JsonValue): JsonValue | undefined {
  return isObject(item) ? getOwn(item, directive.patch) : undefined;
}
