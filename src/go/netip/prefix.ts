import { parseInteger } from "../strconv/parse-integer.js";
import { quoteExcerpt } from "../strconv/quote-excerpt.js";
import { addressBits, formatAddress } from "./address.js";
import { type Address, readAddress } from "./read-address.js";

/** `address/length`. The bits behind the length are kept, as Istio keeps them in the text it loads. */
export interface Prefix {
  readonly address: Address;
  /** 0 to 32, or to 128. */
  readonly length: number;
}

function mask(family: 4 | 6, length: number): bigint {
  const bits = BigInt(addressBits[family]);
  const host = bits - BigInt(length);
  return ((1n << bits) - 1n) ^ ((1n << host) - 1n);
}

/** Reads `address/length` as Go's `netip.ParsePrefix` does: no bare address, no zone, no leading zero; else undefined. */
export function parsePrefix(text: string): Prefix | undefined {
  const read = readPrefix(text);
  return typeof read === "string" ? undefined : read;
}

/** What `netip.ParsePrefix` says of a text that is no prefix; undefined for one that is. */
export function prefixFault(text: string): string | undefined {
  const read = readPrefix(text);
  return typeof read === "string" ? `netip.ParsePrefix(${quoteExcerpt(text)}): ${read}` : undefined;
}

function readPrefix(text: string): Prefix | string {
  const slash = text.lastIndexOf("/");
  if (slash < 0) return "no '/'";
  const read = readAddress(text.slice(0, slash));
  if (typeof read === "string") return read;
  const { family, value, hasZone } = read;
  if (hasZone) return "IPv6 zones cannot be present in a prefix";
  const digits = text.slice(slash + 1);
  const length = /^(?:0|[1-9][0-9]*)$/.test(digits) ? parseInteger(digits, 10).value : undefined;
  if (length === undefined) return `bad bits after slash: ${quoteExcerpt(digits)}`;
  if (length > BigInt(addressBits[family])) return "prefix length out of range";
  return { address: { family, value }, length: Number(length) };
}

/** The prefix that holds exactly one address. */
export function prefixOf(address: Address): Prefix {
  return { address, length: addressBits[address.family] };
}

/** Whether the address lies in the prefix; never across families. */
export function prefixContains(prefix: Prefix, address: Address): boolean {
  if (prefix.address.family !== address.family) return false;
  const bits = mask(address.family, prefix.length);
  return (prefix.address.value & bits) === (address.value & bits);
}

/** The prefix with the bits behind its length cleared, as the kernel stores it. */
export function networkOf(prefix: Prefix): Prefix {
  const { family, value } = prefix.address;
  return { address: { family, value: value & mask(family, prefix.length) }, length: prefix.length };
}

/** `address/length` as Go prints it, host bits kept. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address)}/${prefix.length}`;
}

/** Whether an address is a loopback one: in 127.0.0.0/8, also mapped into IPv6, or ::1. */
export function isLoopback({ family, value }: Address): boolean {
  if (family === 6 && value >> 32n !== 0xffffn) return value === 1n;
  return ((value >> 24n) & 0xffn) === 127n;
}
