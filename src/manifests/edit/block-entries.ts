import { type SourceList, type SourceMap, type SourceSlot, slotEnd } from "../source/source-node.js";
import type { EditBuffer } from "./edit-buffer.js";

/** New entries before all others: under the line of the parent's key, above the comments of the first entry. */
export function addFirst<T>(
  buffer: EditBuffer,
  slot: SourceSlot,
  node: SourceMap | SourceList,
  added: readonly T[],
  lines: (added: readonly T[], offset: number) => string[],
): void {
  if (added.length === 0) return;
  if (buffer.ownLine(node.start) && slot.head < node.start && slot.head > slot.start) {
    buffer.insertLines(slot.head, lines(added, slot.head));
    return;
  }
  const column = buffer.column(node.start);
  const [first = "", ...rest] = lines(added, node.start);
  const text = [first.slice(column), ...rest].join(buffer.style.newline);
  buffer.put(node.start, node.start, `${text}${buffer.style.newline}${" ".repeat(column)}`);
}

/** Removes entries of a collection in block style. What stands on the line of a dash or key is pulled up. */
export function removeEntries(
  buffer: EditBuffer,
  node: SourceMap | SourceList,
  gone: ReadonlySet<SourceSlot>,
): void {
  const firstKept = node.entries.find((entry) => !gone.has(entry));
  let leading = !buffer.ownLine(node.start) || buffer.onFirstLine(node.start);
  for (const entry of node.entries) {
    if (entry === firstKept) leading = false;
    if (!gone.has(entry)) continue;
    if (!leading) buffer.removeLines(entry.start, slotEnd(entry));
    else if (entry === node.entries[0]) buffer.put(entry.start, firstKept?.start ?? node.end, "");
  }
}
