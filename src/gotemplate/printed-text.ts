import { typeOf } from "./kind.js";
import { type Node, nodeText } from "./nodes.js";
import { printable } from "./pointee.js";
import { goPrint } from "./print.js";
import type { Run } from "./run.js";
import { GoFunction, type Value } from "./value.js";

/** What an action writes for a value: as goPrint, but `<no value>` for nothing, and a pointer is followed. */
export function printedText(run: Run, node: Node, value: Value): string {
  if (value === undefined || value === null) return "<no value>";
  if (value instanceof GoFunction) return run.fail(`can't print ${nodeText(node)} of type ${typeOf(value)}`);
  return goPrint(printable(value));
}
