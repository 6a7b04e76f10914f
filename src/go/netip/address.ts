import { type Address, readAddress } from "./read-address.js";

/** Bits in an address of the family. */
export const addressBits = { 4: 32, 6: 128 } as const;

/** Reads an IPv4 or IPv6 address without a zone, as strictly as Go's `netip.ParseAddr`; undefined if it is none. */
export function parseAddress(text: string): Address | undefined {
  const read = readAddress(text);
  return typeof read === "string" || read.hasZone ? undefined : { family: read.family, value: read.value };
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 1 };
  let start = -1;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = -1;
    else {
      if (start < 0) start = index;
      if (index - start + 1 > best.length) best = { start, length: index - start + 1 };
    }
  }
  return best;
}

function groupsFrom(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
}

function joinGroups(groups: readonly number[]): string {
  const { start, length } = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The text of an address as Go prints it: lower case, the longest run of zeros shortened. */
export function formatAddress(address: Address): string {
  if (address.family === 4) return dotted(address.value);
  const mapped = address.value >> 32n === 0xffffn;
  return mapped ? `::ffff:${dotted(address.value & 0xffffffffn)}` : joinGroups(groupsFrom(address.value));
}
