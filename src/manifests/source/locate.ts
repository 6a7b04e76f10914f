import type { SourcePair, SourceSlot } from "./source-node.js";

/** Where the value at a path begins; where the path leads through an alias, the place of the alias. */
export function locate(root: SourceSlot, path: readonly (string | number)[]): number {
  let slot = root;
  for (const step of path) {
    const { value } = slot;
    const next: SourceSlot | undefined =
      typeof step === "number"
        ? value.kind === "list"
          ? value.entries[step]
          : undefined
        : value.kind === "map"
          ? value.entries.findLast((entry: SourcePair) => entry.key === step)
          : undefined;
    if (next === undefined) break;
    slot = next;
  }
  return slot.value.start;
}
