import type { JsonObject, JsonValue } from "../../json/index.js";
import type { SourceSlot } from "../source/source-node.js";
import type { EditBuffer } from "./edit-buffer.js";
import { layoutAt } from "./edit-flow.js";
import { blockLines, inlineText, isBlock, restyled } from "./emit-block.js";
import { flowText } from "./emit-flow.js";

/** What a slot is part of: that decides how a new value is laid out in it. */
export type Surroundings = "document" | "block-map" | "block-list" | "flow";

/** Writes another value into a slot; its anchor stays, its tag goes. */
export function replaceValue(
  buffer: EditBuffer,
  slot: SourceSlot,
  wanted: JsonValue,
  where: Surroundings,
): void {
  if (slot.tag !== undefined && slot.tag.end <= slot.value.start)
    buffer.put(slot.tag.start, slot.tag.end, "");
  if (where === "flow") replaceInFlow(buffer, slot, wanted);
  else if (isBlock(wanted)) replaceByBlock(buffer, slot, wanted, where);
  else replaceByInline(buffer, slot, wanted);
}

function replaceInFlow(buffer: EditBuffer, { head, value }: SourceSlot, wanted: JsonValue): void {
  const layout = layoutAt(buffer, value.kind === "empty" ? head : value.start, value);
  const space = value.kind === "empty" && /[:\w]/.test(buffer.text[head - 1] ?? "") ? " " : "";
  if (!buffer.style.json && value.kind === "scalar" && typeof wanted === "string") {
    buffer.put(
      value.start,
      value.end,
      value.style === "plain" ? flowText(wanted, buffer.style) : restyled(wanted, value.style, buffer.style),
    );
  } else buffer.put(value.start, value.end, space + flowText(wanted, buffer.style, layout));
}

function replaceByInline(buffer: EditBuffer, { head, value }: SourceSlot, wanted: JsonValue): void {
  if (value.kind === "empty") {
    buffer.put(head, head, ` ${inlineText(wanted, buffer.style)}`);
    return;
  }
  const block = (value.kind === "map" || value.kind === "list") && !value.flow;
  if (block && buffer.ownLine(value.start) && head < value.start) {
    buffer.put(head, head, ` ${inlineText(wanted, buffer.style)}`);
    buffer.removeLines(value.start, value.end);
    return;
  }
  const old = value.kind === "scalar" ? value.style : "plain";
  buffer.put(value.start, value.end, restyled(wanted, old, buffer.style));
}

function replaceByBlock(
  buffer: EditBuffer,
  slot: SourceSlot,
  wanted: JsonObject | JsonValue[],
  where: Surroundings,
): void {
  const { head, value } = slot;
  if (where === "document") {
    const column = Math.max(0, buffer.column(value.start));
    const lines = blockLines(wanted, column, buffer.style, false);
    buffer.put(value.start, value.end, lines.join(buffer.style.newline));
    return;
  }
  const parent = buffer.column(slot.start);
  const block = (value.kind === "map" || value.kind === "list") && !value.flow;
  const column = parent + stepTo(buffer, where, wanted);
  if (block && buffer.ownLine(value.start)) {
    const lines = blockLines(wanted, column, buffer.style, buffer.literalsAllowed(value.end));
    buffer.removeLines(value.start, value.end);
    buffer.insertLines(head, indentFirst(lines, column));
    return;
  }
  if (where === "block-list") {
    const at = value.kind === "empty" ? head : value.start;
    const inner = value.kind === "empty" ? buffer.column(head) + 1 : buffer.column(value.start);
    const lines = blockLines(wanted, inner, buffer.style, false);
    buffer.put(at, value.end, (value.kind === "empty" ? " " : "") + lines.join(buffer.style.newline));
    return;
  }
  const lines = blockLines(wanted, column, buffer.style, buffer.literalsAllowed(value.end));
  if (value.kind !== "empty") buffer.put(head, value.end, "");
  buffer.insertLines(value.kind === "empty" ? head : value.end, indentFirst(lines, column));
}

function stepTo(buffer: EditBuffer, where: Surroundings, wanted: JsonObject | JsonValue[]): number {
  if (where === "block-list") return 2;
  return Array.isArray(wanted) ? buffer.style.listStep : buffer.style.step;
}

function indentFirst(lines: readonly string[], column: number): string[] {
  return lines.map((line, index) => (index === 0 ? " ".repeat(column) + line : line));
}
