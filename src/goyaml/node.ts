import type { JsonValue } from "../json/index.js";

/** A value, and what JSON does not keep of it but a key or an alias needs. */
export interface Node {
  readonly kind: "scalar" | "sequence" | "mapping";
  readonly value: JsonValue;
  /** A scalar that is a float in Go, which prints differently as a key. */
  readonly float: boolean;
  /** A plain `<<`, which as a key merges. */
  readonly merge: boolean;
  /** A collection that an alias stands for. */
  readonly alias?: true;
  /** How many nodes it is made of. */
  readonly size: number;
}

/** Nothing where a node may stand. */
export const emptyNode: Node = {
  kind: "scalar",
  value: null,
  float: false,
  merge: false,
  size: 1,
};
