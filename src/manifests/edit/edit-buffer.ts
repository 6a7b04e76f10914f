import type { SourceSlot } from "../source/source-node.js";
import { slotEnd } from "../source/source-node.js";
import { columnAt, type DocumentStyle } from "./document-style.js";
import { applyEdits, type TextEdit } from "./text-edit.js";

/**
 * The edits of one document as they come together, and the places in its text. Edits in block style are whole lines: an
 * entry is removed from the end of the line before it to the end of its own last line, and added behind the line end of
 * the entry before it. One is therefore the exact inverse of the other.
 */
export class EditBuffer {
  readonly edits: TextEdit[] = [];

  constructor(
    readonly text: string,
    readonly style: DocumentStyle,
    /** Where the document begins: nothing before it is touched. */
    private readonly origin: number,
  ) {}

  /** Where the line of an offset ends, before its line break. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf("\n", offset);
    if (end < 0) return this.text.length;
    return this.text[end - 1] === "\r" && end > offset ? end - 1 : end;
  }

  /** Where the line before that of an offset ends; -1 on the document's first line. */
  private previousLineEnd(offset: number): number {
    const newline = offset === 0 ? -1 : this.text.lastIndexOf("\n", offset - 1);
    const end = this.text[newline - 1] === "\r" ? newline - 1 : newline;
    return end < this.origin ? -1 : end;
  }

  /** Whether nothing but spaces stands before an offset on its line. */
  ownLine(offset: number): boolean {
    return /^\ufeff?[ ]*$/.test(this.text.slice(this.text.lastIndexOf("\n", offset - 1) + 1, offset));
  }

  /** The column of an offset. */
  column(offset: number): number {
    return columnAt(this.text, offset);
  }

  /** Replaces what stands between two offsets. */
  put(start: number, end: number, text: string): void {
    if (start !== end || text !== "") this.edits.push({ start, end, text });
  }

  /** Removes the lines from one offset to the other. */
  removeLines(start: number, end: number): void {
    const before = this.previousLineEnd(start);
    const after = this.lineEnd(end);
    if (before >= 0) this.put(before, after, "");
    else this.put(start, Math.min(this.text.length, after + this.style.newline.length), "");
  }

  /** Puts lines behind the line of an offset. */
  insertLines(offset: number, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const end = this.lineEnd(offset);
    this.put(end, end, lines.map((line) => this.style.newline + line).join(""));
  }

  /** A literal block at the end of new lines would swallow a comment that follows deeper than itself. */
  literalsAllowed(offset: number): boolean {
    return !/^\s*#/.test(this.text.slice(this.lineEnd(offset)));
  }

  /** Whether an offset stands on the document's first line. */
  onFirstLine(offset: number): boolean {
    return this.previousLineEnd(offset) < 0;
  }

  /** The indentation of an offset's line. */
  indentOf(offset: number): string {
    const start = this.text.lastIndexOf("\n", offset - 1) + 1;
    return /^[ \t]*/.exec(this.text.slice(start, offset))?.[0] ?? "";
  }

  /** Whether the text holds a collection whose entries stand on lines of their own. */
  multiline(): boolean {
    return /[[{]\r?\n/.test(this.text);
  }

  /** The text of an item that moves, with the edits made inside it. */
  moved(item: SourceSlot, column: number): string {
    return " ".repeat(column) + applyEdits(this.text, this.edits, item.start, this.lineEnd(slotEnd(item)));
  }

  /** Takes back the edits inside entries that go. */
  dropEditsInside(gone: readonly SourceSlot[], endOf: (slot: SourceSlot) => number): void {
    if (gone.length === 0) return;
    const kept = this.edits.filter(
      ({ start, end }) => !gone.some((slot) => start >= slot.start && end <= endOf(slot)),
    );
    this.edits.length = 0;
    for (const edit of kept) this.edits.push(edit);
  }
}
