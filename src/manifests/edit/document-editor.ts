import { deepEqual, getOwn, isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import { alignLists } from "../../jsonpatch/index.js";
import { listKey } from "../../kube/index.js";
import { type SourceList, type SourceMap, type SourceSlot, slotEnd } from "../source/source-node.js";
import { type Addition, type Additions, groupByPredecessor, groupSteps, lastOfEachKey } from "./additions.js";
import { AnchorTable } from "./anchor-table.js";
import { addFirst, removeEntries } from "./block-entries.js";
import type { DocumentStyle } from "./document-style.js";
import { EditBuffer } from "./edit-buffer.js";
import { editFlow, layoutAt } from "./edit-flow.js";
import { blockLines, isBlock, itemLines, keyText, pairLines } from "./emit-block.js";
import { flowPair, flowText } from "./emit-flow.js";
import { replaceValue, type Surroundings } from "./replace-value.js";
import type { TextEdit } from "./text-edit.js";

/**
 * Turns a change of a document's tree into the smallest edits of its text. It walks the source, the tree that is read
 * from it and the wanted tree side by side, in the order of the text, so that an alias always finds out what became of
 * its anchor.
 */
export class DocumentEditor {
  private readonly buffer: EditBuffer;
  private readonly anchors: AnchorTable;

  /** @param origin where the document begins in the text */
  constructor(
    text: string,
    private readonly style: DocumentStyle,
    hasAliases: boolean,
    origin: number,
  ) {
    this.buffer = new EditBuffer(text, style, origin);
    this.anchors = new AnchorTable(hasAliases);
  }

  /** The edits that turn the document's value from `old` into `wanted`. */
  edit(root: SourceSlot, old: JsonValue, wanted: JsonValue): readonly TextEdit[] {
    this.reconcile(root, old, wanted, this.style.json ? "flow" : "document", "");
    return this.buffer.edits;
  }

  /** @param field the name of the field that holds the value; empty for an item of a list and for the document */
  private reconcile(
    slot: SourceSlot,
    old: JsonValue,
    wanted: JsonValue,
    where: Surroundings,
    field: string,
  ): void {
    if (!this.anchors.inUse && deepEqual(old, wanted)) return;
    const node = slot.value;
    if (node.kind === "alias") {
      if (!this.anchors.stillMeans(node, old, wanted)) this.replace(slot, wanted, where);
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
      this.editList(slot, node, old, wanted, field);
    } else if (!deepEqual(old, wanted)) {
      this.replace(slot, wanted, where);
    }
    this.anchors.set(slot, wanted);
  }

  /** Whether entries can come and go in place: a collection that is or becomes empty changes its form. */
  private editable(node: SourceMap | SourceList, wanted: JsonObject | JsonValue[]): boolean {
    if (node.flow && this.style.json) return true;
    const count = Array.isArray(wanted) ? wanted.length : Object.keys(wanted).length;
    return (node.entries.length > 0 && count > 0) || node.entries.length === count;
  }

  private replace(slot: SourceSlot, wanted: JsonValue, where: Surroundings): void {
    this.anchors.forget(slot.value);
    replaceValue(this.buffer, slot, wanted, where);
  }

  private editMap(slot: SourceSlot, node: SourceMap, old: JsonObject, wanted: JsonObject): void {
    const { pairs, shadowed } = lastOfEachKey(node);
    const base = this.anchors.mergedValues(node, old);
    const dead = this.anchors.deadMerge(node);
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
      !this.buffer.ownLine(node.start)
    ) {
      this.anchors.forget(node);
      const lines = blockLines(wanted, this.buffer.column(node.start), this.style, false);
      this.buffer.put(node.start, node.end, lines.join(this.style.newline));
      return;
    }
    for (const pair of node.entries) {
      if (gone.has(pair)) {
        this.anchors.forgetSlot(pair);
        continue;
      }
      if (pair.merge || shadowed.has(pair)) continue;
      this.reconcile(
        pair,
        getOwn(old, pair.key) ?? null,
        wanted[pair.key] ?? null,
        node.flow ? "flow" : "block-map",
        pair.key,
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
    if (node.flow) editFlow(this.buffer, node, gone, additions, (key) => [key, wanted[key] ?? null]);
    else this.editBlockMap(slot, node, gone, additions, wanted);
  }

  private editBlockMap(
    slot: SourceSlot,
    node: SourceMap,
    gone: ReadonlySet<SourceSlot>,
    additions: Additions<string>,
    wanted: JsonObject,
  ): void {
    const column = this.buffer.column(node.start);
    const lines = (keys: readonly string[], offset: number): string[] =>
      keys.flatMap((key) =>
        pairLines(key, wanted[key] ?? null, column, this.style, this.buffer.literalsAllowed(offset)),
      );
    for (const [pair, keys] of additions.after)
      this.buffer.insertLines(slotEnd(pair), lines(keys, slotEnd(pair)));
    addFirst(this.buffer, slot, node, additions.first, (keys, offset) => lines(keys, offset));
    removeEntries(this.buffer, node, gone);
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
      const layout = layoutAt(this.buffer, pair.start, pair.value);
      if (flow && node.flow)
        this.buffer.put(pair.start, slotEnd(pair), flowPair(key, value, this.style, layout));
      else if (flow)
        this.buffer.put(
          pair.start,
          slotEnd(pair),
          `${keyText(key, this.style)}: ${flowText(value, this.style, layout)}`,
        );
      else {
        const column = this.buffer.column(pair.start);
        const [first = "", ...rest] = pairLines(key, value, column, this.style, false);
        this.buffer.put(pair.start, slotEnd(pair), [first.slice(column), ...rest].join(this.style.newline));
      }
    }
  }

  private editList(
    slot: SourceSlot,
    node: SourceList,
    old: readonly JsonValue[],
    wanted: readonly JsonValue[],
    field: string,
  ): void {
    const steps = alignLists(old, wanted, listKey(field));
    const entry = (index: number): SourceSlot | undefined => node.entries[index];
    const where: Surroundings = node.flow ? "flow" : "block-list";
    const inner = new Map<number, number>();
    for (const step of steps) if ("from" in step && step.kind !== "remove") inner.set(step.from, step.to);
    for (const [index, item] of node.entries.entries()) {
      const to = inner.get(index);
      if (to === undefined) this.anchors.forgetSlot(item);
      else this.reconcile(item, old[index] ?? null, wanted[to] ?? null, where, "");
    }
    const gone = new Set(
      steps.flatMap((step) =>
        step.kind === "remove" || step.kind === "move" ? (entry(step.from) ?? []) : [],
      ),
    );
    const additions = groupSteps(steps, node.entries);
    if (node.flow) {
      editFlow(this.buffer, node, gone, additions, (step) => [undefined, wanted[step.to] ?? null]);
      return;
    }
    if (node.entries.every((item) => gone.has(item)) && !this.buffer.ownLine(node.start)) {
      const lines = blockLines([...wanted], this.buffer.column(node.start), this.style, false);
      this.buffer.put(node.start, node.end, lines.join(this.style.newline));
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
    const column = this.buffer.column(node.start);
    const lines = (steps: readonly Addition[], offset: number): string[] =>
      steps.flatMap((step) => {
        const item = step.kind === "move" ? node.entries[step.from] : undefined;
        if (item !== undefined) return [this.buffer.moved(item, column)];
        return itemLines(wanted[step.to] ?? null, column, this.style, this.buffer.literalsAllowed(offset));
      });
    const insertions = [...additions.after].map(
      ([item, steps]) => [item, lines(steps, slotEnd(item))] as const,
    );
    const first = lines(additions.first, node.start);
    this.buffer.dropEditsInside([...gone], (item) => this.buffer.lineEnd(slotEnd(item)));
    for (const [item, text] of insertions) this.buffer.insertLines(slotEnd(item), text);
    addFirst(this.buffer, slot, node, first, (text) => [...text]);
    removeEntries(this.buffer, node, gone);
  }
}
