import { type Address, addressBits, formatAddress, formatAddressAsLibc, parseAddress } from "./address.js";

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
  const slash = text.lastIndexOf("/");
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  const length = Number(digits);
  return length > addressBits[address.family] ? undefined : { address, length };
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

/** `network/length` as iptables prints it. */
export function formatNetwork(prefix: Prefix): string {
  return `${formatAddressAsLibc(networkOf(prefix).address)}/${prefix.length}`;
}

/** Whether the prefix's own address is a loopback one (127.0.0.0/8 or ::1). */
export function isLoopback(address: Address): boolean {
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}
