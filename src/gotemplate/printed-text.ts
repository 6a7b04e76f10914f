import { typeOf } from "./kind.js";
import { type Node, nodeText } from "./nodes.js";
import { goPrint } from "./print.js";
import type { Run } from "./run.js";
import { GoFunction, GoStruct, type Value } from "./value.js";

/** What an action writes for a value: as goPrint, but `<no value>` for nothing, and a pointer is followed. */
export function printedText(run: Run, node: Node, value: Value): string {
  if (value === undefined || value === null) return "<no value>";
  if (value instanceof GoFunction) return run.fail(`can't print ${nodeText(node)} of type ${typeOf(value)}`);
  const text = goPrint(value);
  const follows = value instanceof GoStruct && value.kind === "ptr" && value.toText() === undefined;
  return follows ? text.slice(1) : text;
}
