import type { JsonValue } from "../json/index.js";

/** One operation of a JSON Patch (RFC 6902). Paths are JSON Pointers; the root is "". */
export type Operation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: JsonValue }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };
