import { deepEqual, getOwn, isObject, type JsonObject, type JsonValue } from "../../kube/index.js";
import type { SourceList, SourceMap, SourceNode, SourcePair, SourceSlot } from "../source/source-node.js";
import { slotEnd } from "../source/source-node.js";
import { alignLists, type ListStep } from "./align-lists.js";
import { columnAt, type DocumentStyle } from "./document-style.js";
import { blockLines, inlineText, isBlock, itemLines, keyText, pairLines, restyled } from "./emit-block.js";
import { type FlowLayout, flowPair, flowText } from "./emit-flow.js";
import { applyEdits, type TextEdit } from "./text-edit.js";

/** What a slot is part of: that decides how a new value is laid out in it. */
type Surroundings = "document" | "block-map" | "block-list" | "flow";

/** What an anchor stands for once the edits are applied; undefined when its node is gone. */
type AnchorValue = JsonValue | undefined;

/**
 * Turns a change of a document's tree into the smallest edits of its text. It walks the source, the tree that is read
 * from it and the wanted tree side by side, in the order of the text, so that an alias always finds out what became of
 * its anchor. The file is one walk with a method for every shape a place can have, and so longer than most.
 *
 * Edits in block style are whole lines: an entry is removed from the end of the line before it to the end of its own
 * last line, and added behind the line end of the entry before it. One is therefore the exact inverse of the other.
 */
export class DocumentEditor {
  private readonly edits: TextEdit[] = [];
  private readonly anchors = new Map<string, AnchorValue>();

  constructor(
    private readonly text: string,
    private readonly style: DocumentStyle,
    private readonly hasAliases: boolean,
    /** Where the document begins: nothing before it is touched. */
    private readonly origin: number,
  ) {}

  /** The edits that turn the document's value from `old` into `wanted`. */
  edit(root: SourceSlot, old: JsonValue, wanted: JsonValue): readonly TextEdit[] {
    this.reconcile(root, old, wanted, this.style.json ? "flow" : "document");
    return this.edits;
  }

  private reconcile(slot: SourceSlot, old: JsonValue, wanted: JsonValue, where: Surroundings): void {
    if (!this.hasAliases && deepEqual(old, wanted)) return;
    const node = slot.value;
    if (node.kind === "alias") {
      const target = this.anchors.has(node.name) ? this.anchors.get(node.name) : old;
      if (target === undefined || !deepEqual(target, wanted)) this.replace(slot, wanted, where);
    } else if (
      node.kind === "map" &&
      !node.opaque &&
      isObject(old) &&
      isObject(wanted) &&
      this.editable(node, wanted)
    ) {
      this.editMap(slot, node, old, wanted);
    } else if (
      node.kind === "list" &&
      !node.opaque &&
      Array.isArray(old) &&
      Array.isArray(wanted) &&
      this.editable(node, wanted)
    ) {
      this.editList(slot, node, old, wanted);
    } else if (!deepEqual(old, wanted)) {
      this.replace(slot, wanted, where);
    }
    if (slot.anchor !== undefined) this.anchors.set(slot.anchor, wanted);
  }

  /** Whether entries can come and go in place: a collection that is or becomes empty changes its form. */
  private editable(node: SourceMap | SourceList, wanted: JsonObject | JsonValue[]): boolean {
    if (node.flow && this.style.json) return true;
    const count = Array.isArray(wanted) ? wanted.length : Object.keys(wanted).length;
    return (node.entries.length > 0 && count > 0) || node.entries.length === count;
  }

  // Places in the text.

  /** Where the line of an offset ends, before its line break. */
  private lineEnd(offset: number): number {
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
  private ownLine(offset: number): boolean {
    return /^\ufeff?[ ]*$/.test(this.text.slice(this.text.lastIndexOf("\n", offset - 1) + 1, offset));
  }

  private column(offset: number): number {
    return columnAt(this.text, offset);
  }

  private put(start: number, end: number, text: string): void {
    if (start !== end || text !== "") this.edits.push({ start, end, text });
  }

  private removeLines(start: number, end: number): void {
    const before = this.previousLineEnd(start);
    const after = this.lineEnd(end);
    if (before >= 0) this.put(before, after, "");
    else this.put(start, Math.min(this.text.length, after + this.style.newline.length), "");
  }

  private insertLines(offset: number, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const end = this.lineEnd(offset);
    this.put(end, end, lines.map((line) => this.style.newline + line).join(""));
  }

  /** A literal block at the end of new lines would swallow a comment that follows deeper than itself. */
  private literalsAllowed(offset: number): boolean {
    return !/^\s*#/.test(this.text.slice(this.lineEnd(offset)));
  }

  // Anchors.

  /** Everything anchored inside a node that is removed or written anew is gone. */
  private forget(node: SourceNode): void {
    if (!this.hasAliases || (node.kind !== "map" && node.kind !== "list")) return;
    for (const entry of node.entries) this.forgetSlot(entry);
  }

  private forgetSlot(slot: SourceSlot): void {
    this.forget(slot.value);
    if (slot.anchor !== undefined) this.anchors.set(slot.anchor, undefined);
  }

  // Whole values.

  private replace(slot: SourceSlot, wanted: JsonValue, where: Surroundings): void {
    this.forget(slot.value);
    if (slot.tag !== undefined && slot.tag.end <= slot.value.start)
      this.put(slot.tag.start, slot.tag.end, "");
    if (where === "flow") this.replaceInFlow(slot, wanted);
    else if (isBlock(wanted)) this.replaceByBlock(slot, wanted, where);
    else this.replaceByInline(slot, wanted);
  }

  private replaceInFlow({ head, value }: SourceSlot, wanted: JsonValue): void {
    const layout = this.layoutAt(value.kind === "empty" ? head : value.start, value);
    const space = value.kind === "empty" && /[:\w]/.test(this.text[head - 1] ?? "") ? " " : "";
    if (!this.style.json && value.kind === "scalar" && typeof wanted === "string") {
      this.put(
        value.start,
        value.end,
        value.style === "plain" ? flowText(wanted, this.style) : restyled(wanted, value.style, this.style),
      );
    } else this.put(value.start, value.end, space + flowText(wanted, this.style, layout));
  }

  private replaceByInline({ head, value }: SourceSlot, wanted: JsonValue): void {
    if (value.kind === "empty") {
      this.put(head, head, ` ${inlineText(wanted, this.style)}`);
      return;
    }
    const block = (value.kind === "map" || value.kind === "list") && !value.flow;
    if (block && this.ownLine(value.start) && head < value.start) {
      this.put(head, head, ` ${inlineText(wanted, this.style)}`);
      this.removeLines(value.start, value.end);
      return;
    }
    const old = value.kind === "scalar" ? value.style : "plain";
    this.put(value.start, value.end, restyled(wanted, old, this.style));
  }

  private replaceByBlock(slot: SourceSlot, wanted: JsonObject | JsonValue[], where: Surroundings): void {
    const { head, value } = slot;
    if (where === "document") {
      const column = Math.max(0, this.column(value.start));
      const lines = blockLines(wanted, column, this.style, false);
      this.put(value.start, value.end, lines.join(this.style.newline));
      return;
    }
    const parent = this.column(slot.start);
    const block = (value.kind === "map" || value.kind === "list") && !value.flow;
    const column = parent + this.stepTo(where, wanted);
    if (block && this.ownLine(value.start)) {
      const lines = blockLines(wanted, column, this.style, this.literalsAllowed(value.end));
      this.removeLines(value.start, value.end);
      this.insertLines(head, indentFirst(lines, column));
      return;
    }
    if (where === "block-list") {
      const at = value.kind === "empty" ? head : value.start;
      const inner = value.kind === "empty" ? this.column(head) + 1 : this.column(value.start);
      const lines = blockLines(wanted, inner, this.style, false);
      this.put(at, value.end, (value.kind === "empty" ? " " : "") + lines.join(this.style.newline));
      return;
    }
    const lines = blockLines(wanted, column, this.style, this.literalsAllowed(value.end));
    if (value.kind !== "empty") this.put(head, value.end, "");
    this.insertLines(value.kind === "empty" ? head : value.end, indentFirst(lines, column));
  }

  private stepTo(where: Surroundings, wanted: JsonObject | JsonValue[]): number {
    if (where === "block-list") return 2;
    return Array.isArray(wanted) ? this.style.listStep : this.style.step;
  }

  // Mappings.

  private editMap(slot: SourceSlot, node: SourceMap, old: JsonObject, wanted: JsonObject): void {
    const { pairs, shadowed } = lastOfEachKey(node);
    const base = this.mergedValues(node, old);
    const dead = this.deadMerge(node);
    const kept = pairs.filter(({ key, merge }) => !merge && Object.hasOwn(wanted, key));
    const keptKeys = new Set(kept.map(({ key }) => key));
    const expand =
      dead || (base !== undefined && [...base.keys()].some((key) => !Object.hasOwn(wanted, key)));
    const added = Object.keys(wanted).filter((key) => {
      if (keptKeys.has(key)) return false;
      const inherited = expand ? undefined : base?.get(key);
      return inherited === undefined || !deepEqual(inherited, wanted[key] ?? null);
    });
    const gone = new Set(pairs.filter(({ key, merge }) => (merge ? expand : !keptKeys.has(key))));
    for (const pair of shadowed) if (!keptKeys.has(pair.key)) gone.add(pair);
    const swaps = gone.size === added.length && base === undefined ? added : [];
    if (
      node.entries.every((pair) => gone.has(pair)) &&
      swaps.length === 0 &&
      !node.flow &&
      !this.ownLine(node.start)
    ) {
      this.forget(node);
      const lines = blockLines(wanted, this.column(node.start), this.style, false);
      this.put(node.start, node.end, lines.join(this.style.newline));
      return;
    }
    for (const pair of node.entries) {
      if (gone.has(pair)) {
        this.forgetSlot(pair);
        continue;
      }
      if (pair.merge || shadowed.has(pair)) continue;
      this.reconcile(
        pair,
        getOwn(old, pair.key) ?? null,
        wanted[pair.key] ?? null,
        node.flow ? "flow" : "block-map",
      );
    }
    if (swaps.length > 0) {
      this.swapPairs(node, [...gone], swaps, wanted);
      return;
    }
    const order = Object.keys(wanted);
    const staying = node.entries.filter((pair) => !gone.has(pair));
    // goyaml reads a mapping in order, so that a merge key overrides what stands before it: new keys go behind it.
    const last = base === undefined ? undefined : staying.at(-1);
    const additions =
      last === undefined
        ? groupByPredecessor(order, added, keptKeys, staying)
        : { first: [], after: new Map([[last, added]]) };
    if (node.flow) this.editFlow(node, gone, additions, (key) => [key, wanted[key] ?? null]);
    else this.editBlockMap(slot, node, gone, additions, wanted);
  }

  /**
   * What the merge keys of a mapping give it once the edits are applied; undefined when it has none. What does not come
   * from an anchor met before is taken from the old tree.
   */
  private mergedValues(node: SourceMap, old: JsonObject): Map<string, JsonValue> | undefined {
    const sources = mergeSources(node);
    if (sources.length === 0) return undefined;
    const values = new Map<string, JsonValue>();
    let unknown = false;
    for (const source of sources) {
      if (source.kind !== "alias" || !this.anchors.has(source.name)) unknown = true;
      const target = source.kind === "alias" ? this.anchors.get(source.name) : undefined;
      if (!isObject(target)) continue;
      for (const [key, value] of Object.entries(target)) if (!values.has(key)) values.set(key, value);
    }
    const explicit = new Set(node.entries.map(({ key }) => key));
    for (const [key, value] of Object.entries(old)) {
      if (unknown && !explicit.has(key) && !values.has(key)) values.set(key, value);
    }
    return values;
  }

  /** Whether a merge key names an anchor that is gone. */
  private deadMerge(node: SourceMap): boolean {
    return mergeSources(node).some(
      (source) =>
        source.kind === "alias" && this.anchors.has(source.name) && !isObject(this.anchors.get(source.name)),
    );
  }

  private editBlockMap(
    slot: SourceSlot,
    node: SourceMap,
    gone: ReadonlySet<SourceSlot>,
    additions: Additions<string>,
    wanted: JsonObject,
  ): void {
    const column = this.column(node.start);
    const lines = (keys: readonly string[], offset: number): string[] =>
      keys.flatMap((key) =>
        pairLines(key, wanted[key] ?? null, column, this.style, this.literalsAllowed(offset)),
      );
    for (const [pair, keys] of additions.after) this.insertLines(slotEnd(pair), lines(keys, slotEnd(pair)));
    this.addFirst(slot, node, additions.first, (keys, offset) => lines(keys, offset));
    this.removeEntries(node, gone);
  }

  /** New entries before all others: under the line of the parent's key, above the comments of the first entry. */
  private addFirst<T>(
    slot: SourceSlot,
    node: SourceMap | SourceList,
    added: readonly T[],
    lines: (added: readonly T[], offset: number) => string[],
  ): void {
    if (added.length === 0) return;
    if (this.ownLine(node.start) && slot.head < node.start && slot.head > slot.start) {
      this.insertLines(slot.head, lines(added, slot.head));
      return;
    }
    const column = this.column(node.start);
    const [first = "", ...rest] = lines(added, node.start);
    const text = [first.slice(column), ...rest].join(this.style.newline);
    this.put(node.start, node.start, `${text}${this.style.newline}${" ".repeat(column)}`);
  }

  private removeEntries(node: SourceMap | SourceList, gone: ReadonlySet<SourceSlot>): void {
    const firstKept = node.entries.find((entry) => !gone.has(entry));
    let leading = !this.ownLine(node.start) || this.previousLineEnd(node.start) < 0;
    for (const entry of node.entries) {
      if (entry === firstKept) leading = false;
      if (!gone.has(entry)) continue;
      if (!leading) this.removeLines(entry.start, slotEnd(entry));
      else if (entry === node.entries[0]) this.put(entry.start, firstKept?.start ?? node.end, "");
    }
  }

  /** As many keys come as go: each takes the place of one, so that the way back restores the text. */
  private swapPairs(
    node: SourceMap,
    gone: readonly SourceSlot[],
    added: readonly string[],
    wanted: JsonObject,
  ): void {
    for (const [index, pair] of gone.entries()) {
      const key = added[index] ?? "";
      const value = wanted[key] ?? null;
      const flow =
        node.flow ||
        ((pair.value.kind === "map" || pair.value.kind === "list") && pair.value.flow && isBlock(value));
      const layout = this.layoutAt(pair.start, pair.value);
      if (flow && node.flow) this.put(pair.start, slotEnd(pair), flowPair(key, value, this.style, layout));
      else if (flow)
        this.put(
          pair.start,
          slotEnd(pair),
          `${keyText(key, this.style)}: ${flowText(value, this.style, layout)}`,
        );
      else {
        const column = this.column(pair.start);
        const [first = "", ...rest] = pairLines(key, value, column, this.style, false);
        this.put(pair.start, slotEnd(pair), [first.slice(column), ...rest].join(this.style.newline));
      }
    }
  }

  // Lists.

  private editList(
    slot: SourceSlot,
    node: SourceList,
    old: readonly JsonValue[],
    wanted: readonly JsonValue[],
  ): void {
    const steps = alignLists(old, wanted);
    const entry = (index: number): SourceSlot | undefined => node.entries[index];
    const where: Surroundings = node.flow ? "flow" : "block-list";
    const inner = new Map<number, number>();
    for (const step of steps) if ("from" in step && step.kind !== "remove") inner.set(step.from, step.to);
    for (const [index, item] of node.entries.entries()) {
      const to = inner.get(index);
      if (to === undefined) this.forgetSlot(item);
      else this.reconcile(item, old[index] ?? null, wanted[to] ?? null, where);
    }
    const gone = new Set(steps.flatMap((step) => (step.kind === "remove" ? (entry(step.from) ?? []) : [])));
    const additions = groupSteps(steps, node.entries);
    if (node.flow) {
      this.editFlow(node, gone, additions, (step) => [undefined, wanted[step.to] ?? null]);
      return;
    }
    if (node.entries.every((item) => gone.has(item)) && !this.ownLine(node.start)) {
      const lines = blockLines([...wanted], this.column(node.start), this.style, false);
      this.put(node.start, node.end, lines.join(this.style.newline));
      return;
    }
    this.editBlockList(slot, node, gone, additions, wanted);
  }

  private editBlockList(
    slot: SourceSlot,
    node: SourceList,
    gone: ReadonlySet<SourceSlot>,
    additions: Additions<Addition>,
    wanted: readonly JsonValue[],
  ): void {
    const column = this.column(node.start);
    const lines = (steps: readonly Addition[], offset: number): string[] =>
      steps.flatMap((step) => {
        const item = step.kind === "move" ? node.entries[step.from] : undefined;
        if (item !== undefined) return [this.moved(item, column)];
        return itemLines(wanted[step.to] ?? null, column, this.style, this.literalsAllowed(offset));
      });
    const insertions = [...additions.after].map(
      ([item, steps]) => [item, lines(steps, slotEnd(item))] as const,
    );
    const first = lines(additions.first, node.start);
    this.dropEditsInside([...gone], (item) => this.lineEnd(slotEnd(item)));
    for (const [item, text] of insertions) this.insertLines(slotEnd(item), text);
    this.addFirst(slot, node, first, (text) => [...text]);
    this.removeEntries(node, gone);
  }

  /** The text of an item that moves, with the edits made inside it. */
  private moved(item: SourceSlot, column: number): string {
    return " ".repeat(column) + applyEdits(this.text, this.edits, item.start, this.lineEnd(slotEnd(item)));
  }

  private dropEditsInside(gone: readonly SourceSlot[], endOf: (slot: SourceSlot) => number): void {
    if (gone.length === 0) return;
    const kept = this.edits.filter(
      ({ start, end }) => !gone.some((slot) => start >= slot.start && end <= endOf(slot)),
    );
    this.edits.splice(0, this.edits.length, ...kept);
  }

  // Flow style, and JSON.

  private editFlow<T>(
    node: SourceMap | SourceList,
    gone: ReadonlySet<SourceSlot>,
    additions: Additions<T>,
    read: (added: T) => readonly [key: string | undefined, value: JsonValue],
  ): void {
    const first = node.entries[0];
    const several =
      first !== undefined
        ? this.text.slice(node.start, first.start).includes("\n")
        : this.style.json && this.multiline();
    const layout = this.entryLayout(node, first, several);
    const write = (added: readonly T[]): string[] =>
      added.map((item) => {
        const [key, value] = read(item);
        return key === undefined
          ? flowText(value, this.style, layout)
          : flowPair(key, value, this.style, layout);
      });
    const separator = several ? this.style.newline + (layout.indent ?? "") : this.style.commaSpace;
    const kept = node.entries.filter((entry) => !gone.has(entry));
    const moved = node.entries.filter((entry) => gone.has(entry));
    this.dropEditsInside(moved, slotEnd);
    if (kept.length === 0) {
      this.refill(node, write(additions.first), several, layout, separator);
      return;
    }
    for (const [entry, added] of additions.after) {
      this.put(
        slotEnd(entry),
        slotEnd(entry),
        write(added)
          .map((text) => `,${separator}${text}`)
          .join(""),
      );
    }
    const firstKept = kept[0]?.start ?? node.start;
    this.put(
      firstKept,
      firstKept,
      write(additions.first)
        .map((text) => `${text},${separator}`)
        .join(""),
    );
    this.removeFromFlow(node, gone);
  }

  private entryLayout(
    node: SourceMap | SourceList,
    first: SourceSlot | undefined,
    several: boolean,
  ): FlowLayout {
    if (!several) return {};
    return {
      indent:
        first === undefined
          ? this.indentOf(node.start) + " ".repeat(this.style.step)
          : this.indentOf(first.start),
    };
  }

  private refill(
    node: SourceMap | SourceList,
    parts: readonly string[],
    several: boolean,
    layout: FlowLayout,
    separator: string,
  ): void {
    const tail =
      several && parts.length > 0 ? this.style.newline + (layout.indent ?? "").slice(this.style.step) : "";
    const inner = (several && parts.length > 0 ? separator : "") + parts.join(`,${separator}`) + tail;
    this.put(node.start + 1, node.end - 1, inner);
  }

  private removeFromFlow(node: SourceMap | SourceList, gone: ReadonlySet<SourceSlot>): void {
    let before: SourceSlot | undefined;
    let run: SourceSlot | undefined;
    for (const entry of node.entries) {
      if (gone.has(entry)) {
        run ??= entry;
        if (before !== undefined) {
          this.put(slotEnd(before), slotEnd(entry), "");
          before = entry;
          run = undefined;
        }
      } else {
        if (run !== undefined) this.put(run.start, entry.start, "");
        run = undefined;
        before = entry;
      }
    }
  }

  private indentOf(offset: number): string {
    const start = this.text.lastIndexOf("\n", offset - 1) + 1;
    return /^[ \t]*/.exec(this.text.slice(start, offset))?.[0] ?? "";
  }

  private multiline(): boolean {
    return /[[{]\r?\n/.test(this.text);
  }

  /** How a value that takes the place of another, or is new, is laid out in flow style. */
  private layoutAt(offset: number, old: SourceNode): FlowLayout {
    if (this.style.json) return this.multiline() ? { indent: this.indentOf(offset) } : {};
    return old.kind === "map" && /^\{ /.test(this.text.slice(old.start, old.start + 2))
      ? { padded: true }
      : {};
  }
}

type Addition = Extract<ListStep, { kind: "insert" | "move" }>;

/** What is added to a collection: before all entries, and behind entries that stay. */
interface Additions<T> {
  readonly first: readonly T[];
  readonly after: ReadonlyMap<SourceSlot, readonly T[]>;
}

function indentFirst(lines: readonly string[], column: number): string[] {
  return lines.map((line, index) => (index === 0 ? " ".repeat(column) + line : line));
}

/** What the merge keys of a mapping refer to. */
function mergeSources(node: SourceMap): readonly SourceNode[] {
  return node.entries
    .filter(({ merge }) => merge)
    .flatMap(({ value }) => (value.kind === "list" ? value.entries.map((entry) => entry.value) : [value]));
}

/** The pairs that count: of equal keys the last one, as goyaml reads it. */
function lastOfEachKey(node: SourceMap): { pairs: SourcePair[]; shadowed: Set<SourcePair> } {
  const last = new Map<string, SourcePair>();
  for (const pair of node.entries) if (!pair.merge) last.set(pair.key, pair);
  const counts = (pair: SourcePair): boolean => pair.merge || last.get(pair.key) === pair;
  return {
    pairs: node.entries.filter(counts),
    shadowed: new Set(node.entries.filter((pair) => !counts(pair))),
  };
}

/** New keys go behind the key that the wanted order puts before them. */
function groupByPredecessor(
  order: readonly string[],
  added: readonly string[],
  keptKeys: ReadonlySet<string>,
  staying: readonly SourcePair[],
): Additions<string> {
  const isNew = new Set(added);
  const byKey = new Map(staying.map((pair) => [pair.key, pair]));
  const first: string[] = [];
  const after = new Map<SourceSlot, string[]>();
  let previous: SourceSlot | undefined;
  for (const key of order) {
    if (keptKeys.has(key)) previous = byKey.get(key) ?? previous;
    if (!isNew.has(key)) continue;
    if (previous === undefined) first.push(key);
    else after.set(previous, [...(after.get(previous) ?? []), key]);
  }
  return { first, after };
}

function groupSteps(steps: readonly ListStep[], entries: readonly SourceSlot[]): Additions<Addition> {
  const first: Addition[] = [];
  const after = new Map<SourceSlot, Addition[]>();
  let previous: SourceSlot | undefined;
  for (const step of steps) {
    if (step.kind === "keep") previous = entries[step.from];
    if (step.kind !== "insert" && step.kind !== "move") continue;
    if (previous === undefined) first.push(step);
    else after.set(previous, [...(after.get(previous) ?? []), step]);
  }
  return { first, after };
}
