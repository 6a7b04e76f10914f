import { deepEqual, isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import type { SourceAlias, SourceMap, SourceNode, SourceSlot } from "../source/source-node.js";

/**
 * What the anchors of a document stand for once the edits are applied, as far as the walk has come. An anchor comes
 * before those who use it, so at an alias it is known what became of it.
 */
export class AnchorTable {
  /** Undefined is the value of an anchor whose node is gone. */
  private readonly anchors = new Map<string, JsonValue | undefined>();

  constructor(
    /** Whether the document has aliases at all; if not, there is nothing to keep. */
    readonly inUse: boolean,
  ) {}

  /** Notes the new value of a slot's anchor, where it has one. */
  set(slot: SourceSlot, value: JsonValue): void {
    if (slot.anchor !== undefined) this.anchors.set(slot.anchor, value);
  }

  /** Whether an alias that stood for `old` will stand for `wanted`. */
  stillMeans(alias: SourceAlias, old: JsonValue, wanted: JsonValue): boolean {
    const target = this.anchors.has(alias.name) ? this.anchors.get(alias.name) : old;
    return target !== undefined && deepEqual(target, wanted);
  }

  /** Everything anchored inside a node that is removed or written anew is gone. */
  forget(node: SourceNode): void {
    if (!this.inUse || (node.kind !== "map" && node.kind !== "list")) return;
    for (const entry of node.entries) this.forgetSlot(entry);
  }

  /** A slot goes with everything anchored in it. */
  forgetSlot(slot: SourceSlot): void {
    this.forget(slot.value);
    if (slot.anchor !== undefined) this.anchors.set(slot.anchor, undefined);
  }

  /**
   * What the merge keys of a mapping give it once the edits are applied; undefined when it has none. What does not come
   * from an anchor met before is taken from the old tree.
   */
  mergedValues(node: SourceMap, old: JsonObject): Map<string, JsonValue> | undefined {
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
  deadMerge(node: SourceMap): boolean {
    return mergeSources(node).some(
      (source) =>
        source.kind === "alias" && this.anchors.has(source.name) && !isObject(this.anchors.get(source.name)),
    );
  }
}

/** What the merge keys of a mapping refer to. */
function mergeSources(node: SourceMap): readonly SourceNode[] {
  return node.entries
    .filter(({ merge }) => merge)
    .flatMap(({ value }) => (value.kind === "list" ? value.entries.map((entry) => entry.value) : [value]));
}
