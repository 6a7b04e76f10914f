import type { JsonValue } from "../../json/index.js";
import {
  type SourceList,
  type SourceMap,
  type SourceNode,
  type SourceSlot,
  slotEnd,
} from "../source/source-node.js";
import type { Additions } from "./additions.js";
import type { EditBuffer } from "./edit-buffer.js";
import { type FlowLayout, flowPair, flowText } from "./emit-flow.js";

/** Lets entries of a collection in flow style, or of JSON, come and go between its brackets. */
export function editFlow<T>(
  buffer: EditBuffer,
  node: SourceMap | SourceList,
  gone: ReadonlySet<SourceSlot>,
  additions: Additions<T>,
  read: (added: T) => readonly [key: string | undefined, value: JsonValue],
): void {
  const first = node.entries[0];
  const several =
    first !== undefined
      ? buffer.text.slice(node.start, first.start).includes("\n")
      : buffer.style.json && buffer.multiline();
  const layout = entryLayout(buffer, node, first, several);
  const write = (added: readonly T[]): string[] =>
    added.map((item) => {
      const [key, value] = read(item);
      return key === undefined
        ? flowText(value, buffer.style, layout)
        : flowPair(key, value, buffer.style, layout);
    });
  const separator = several ? buffer.style.newline + (layout.indent ?? "") : buffer.style.commaSpace;
  const kept = node.entries.filter((entry) => !gone.has(entry));
  const moved = node.entries.filter((entry) => gone.has(entry));
  buffer.dropEditsInside(moved, slotEnd);
  if (kept.length === 0) {
    refill(buffer, node, write(additions.first), several, layout, separator);
    return;
  }
  for (const [entry, added] of additions.after) {
    buffer.put(
      slotEnd(entry),
      slotEnd(entry),
      write(added)
        .map((text) => `,${separator}${text}`)
        .join(""),
    );
  }
  const firstKept = kept[0]?.start ?? node.start;
  buffer.put(
    firstKept,
    firstKept,
    write(additions.first)
      .map((text) => `${text},${separator}`)
      .join(""),
  );
  removeFromFlow(buffer, node, gone);
}

function entryLayout(
  buffer: EditBuffer,
  node: SourceMap | SourceList,
  first: SourceSlot | undefined,
  several: boolean,
): FlowLayout {
  if (!several) return {};
  return {
    indent:
      first === undefined
        ? buffer.indentOf(node.start) + " ".repeat(buffer.style.step)
        : buffer.indentOf(first.start),
  };
}

/** A collection that keeps none of its entries. */
function refill(
  buffer: EditBuffer,
  node: SourceMap | SourceList,
  parts: readonly string[],
  several: boolean,
  layout: FlowLayout,
  separator: string,
): void {
  const tail =
    several && parts.length > 0 ? buffer.style.newline + (layout.indent ?? "").slice(buffer.style.step) : "";
  const inner = (several && parts.length > 0 ? separator : "") + parts.join(`,${separator}`) + tail;
  buffer.put(node.start + 1, node.end - 1, inner);
}

function removeFromFlow(
  buffer: EditBuffer,
  node: SourceMap | SourceList,
  gone: ReadonlySet<SourceSlot>,
): void {
  let before: SourceSlot | undefined;
  let run: SourceSlot | undefined;
  for (const entry of node.entries) {
    if (gone.has(entry)) {
      run ??= entry;
      if (before !== undefined) {
        buffer.put(slotEnd(before), slotEnd(entry), "");
        before = entry;
        run = undefined;
      }
    } else {
      if (run !== undefined) buffer.put(run.start, entry.start, "");
      run = undefined;
      before = entry;
    }
  }
}

/** How a value that takes the place of another, or is new, is laid out in flow style. */
export function layoutAt(buffer: EditBuffer, offset: number, old: SourceNode): FlowLayout {
  if (buffer.style.json) return buffer.multiline() ? { indent: buffer.indentOf(offset) } : {};
  return old.kind === "map" && /^\{ /.test(buffer.text.slice(old.start, old.start + 2))
    ? { padded: true }
    : {};
}
