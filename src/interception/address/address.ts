/** An IP address as a number. An IPv4 address mapped into IPv6 stays IPv6, as in Go's netip. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Bits in an address of the family. */
export const addressBits = { 4: 32, 6: 128 } as const;

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    // A leading zero would be octal to some readers, so Go refuses it.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (part.includes(".")) {
      const tail = index === parts.length - 1 ? parseIPv4(part) : undefined;
      if (tail === undefined) return undefined;
      groups.push(Number(tail >> 16n), Number(tail & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves;
  const head = groupsOf(left ?? "");
  const tail = right === undefined ? [] : groupsOf(right);
  if (head === undefined || tail === undefined) return undefined;
  // A dotted tail may only end the whole address.
  if (right !== undefined && (left ?? "").includes(".")) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** Reads an IPv4 or IPv6 address without a zone, as strictly as Go's `netip.ParseAddr`; undefined if it is none. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const family = text.includes(":") ? 6 : 4;
  const value = family === 6 ? parseIPv6(text) : parseIPv4(text);
  return value === undefined ? undefined : { family, value };
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

function joinGroups(groups: readonly number[], tail: string): string {
  const run = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  const body =
    run.start < 0
      ? hex(groups)
      : `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
  if (tail === "") return body;
  return body.endsWith(":") ? body + tail : `${body}:${tail}`;
}

/** The text of an address as Go prints it: lower case, the longest run of zeros shortened. */
export function formatAddress(address: Address): string {
  if (address.family === 4) return dotted(address.value);
  const mapped = address.value >> 32n === 0xffffn;
  return mapped ? `::ffff:${dotted(address.value & 0xffffffffn)}` : joinGroups(groupsFrom(address.value), "");
}

/**
 * The text of an address as the C library prints it, and with it iptables: as {@link formatAddress}, but an
 * IPv4-compatible address (`::127.0.0.53`) ends in dotted form.
 */
export function formatAddressAsLibc(address: Address): string {
  if (address.family === 6) {
    const groups = groupsFrom(address.value);
    const run = longestZeroRun(groups);
    const compatible = run.start === 0 && run.length === 6;
    if (compatible) return `::${dotted(address.value & 0xffffffffn)}`;
  }
  return formatAddress(address);
}
