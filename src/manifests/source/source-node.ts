/**
 * Where the nodes of a YAML or JSON document stand in its text. Positions are offsets in UTF-16 units; every `end` is
 * tight: it comes before spaces, comments and line ends that follow the node. Values are not here: they are read by
 * goyaml's rules, and the tree of values is walked beside this one.
 */
export type SourceNode = SourceScalar | SourceAlias | SourceEmpty | SourceMap | SourceList;

interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SourceScalar extends Span {
  readonly kind: "scalar";
  readonly style: "plain" | "single" | "double" | "block";
}

export interface SourceAlias extends Span {
  readonly kind: "alias";
  readonly name: string;
}

/** A null that is written as nothing. */
export interface SourceEmpty extends Span {
  readonly kind: "empty";
}

export interface SourceMap extends Span {
  readonly kind: "map";
  readonly flow: boolean;
  /** Written in a way that is not edited in place, such as with explicit keys. */
  readonly opaque: boolean;
  readonly entries: readonly SourcePair[];
}

export interface SourceList extends Span {
  readonly kind: "list";
  readonly flow: boolean;
  readonly opaque: boolean;
  readonly entries: readonly SourceSlot[];
}

/** A place that holds a value: after a key's colon, after a dash, or the whole document. */
export interface SourceSlot {
  /** Where the entry begins: its key, its dash, or its first property. */
  readonly start: number;
  /** Behind the colon or dash and the anchor and tag: where a value is written. */
  readonly head: number;
  readonly anchor?: string;
  /** The tag with the spaces that follow it. */
  readonly tag?: Span;
  readonly value: SourceNode;
}

/** A key of a mapping with its value. */
export interface SourcePair extends SourceSlot {
  readonly key: string;
  /** `<<`, which takes over the keys of other mappings. */
  readonly merge: boolean;
}

/** The tight end of an entry. */
export function slotEnd(slot: SourceSlot): number {
  return Math.max(slot.head, slot.value.end);
}
