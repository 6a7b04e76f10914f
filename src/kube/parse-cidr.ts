import { goQuote } from "./go-quote.js";
import { KubeError } from "./kube-error.js";

/** An address range. Host bits may be set: `10.96.0.1/24` keeps its address. */
export interface Cidr {
  readonly family: 4 | 6;
  /** The address as a number of 32 or 128 bits. */
  readonly address: bigint;
  /** The length of the prefix, 0..32 or 0..128. */
  readonly bits: number;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly zone: boolean;
}

/**
 * Reads `address/bits` as Go's netip.ParsePrefix: IPv4 or IPv6, no zone, no sign and no leading zero in the bits.
 * Throws KubeError `cidr-invalid` in Go's words.
 */
export function parseCidr(text: string): Cidr {
  const fail = (why: string) => new KubeError("cidr-invalid", `netip.ParsePrefix(${goQuote(text)}): ${why}`);
  const slash = text.lastIndexOf("/");
  if (slash < 0) throw fail("no '/'");
  const address = parseAddress(text.slice(0, slash), fail);
  if (address.zone) throw fail("IPv6 zones cannot be present in a prefix");
  const digits = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]*)$/.test(digits)) throw fail(`bad bits after slash: ${goQuote(digits)}`);
  const longest = address.family === 4 ? 32 : 128;
  // More digits than an int64 holds do not read as a number at all in Go.
  if (digits.length > 19 || BigInt(digits) >= 1n << 63n)
    throw fail(`bad bits after slash: ${goQuote(digits)}`);
  if (BigInt(digits) > BigInt(longest)) throw fail("prefix length out of range");
  return { family: address.family, address: address.value, bits: Number(digits) };
}

type Fail = (why: string) => KubeError;

function parseAddress(text: string, outer: Fail): Address {
  const fail = (why: string, at?: string) =>
    outer(`ParseAddr(${goQuote(text)}): ${why}${at === undefined ? "" : ` (at ${goQuote(at)})`}`);
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === ".") return { family: 4, value: parseIPv4(text, fail), zone: false };
  if (mark === ":") return parseIPv6(text, fail);
  throw fail(mark === "%" ? "missing IPv6 address" : "unable to parse IP");
}

type FailAt = (why: string, at?: string) => KubeError;

function parseIPv4(text: string, fail: FailAt): bigint {
  let value = 0n;
  let octet = 0;
  let digits = 0;
  let fields = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char >= "0" && char <= "9") {
      if (digits === 1 && octet === 0) throw fail("IPv4 field has octet with leading zero");
      octet = octet * 10 + Number(char);
      digits++;
      if (octet > 255) throw fail("IPv4 field has value >255");
    } else if (char === ".") {
      if (i === 0 || i === text.length - 1 || text.charAt(i - 1) === ".")
        throw fail("IPv4 field must have at least one digit", text.slice(i));
      if (fields === 3) throw fail("IPv4 address too long");
      value = value * 256n + BigInt(octet);
      fields++;
      octet = 0;
      digits = 0;
    } else {
      throw fail("unexpected character", text.slice(i));
    }
  }
  if (fields < 3) throw fail("IPv4 address too short");
  return value * 256n + BigInt(octet);
}

function parseIPv6(whole: string, fail: FailAt): Address {
  const percent = whole.indexOf("%");
  let rest = percent < 0 ? whole : whole.slice(0, percent);
  if (percent >= 0 && percent === whole.length - 1) throw fail("zone must be a non-empty string");
  const zone = percent >= 0;
  const groups: number[] = [];
  let gap = -1;
  if (rest.startsWith("::")) {
    gap = 0;
    rest = rest.slice(2);
    if (rest === "") return { family: 6, value: 0n, zone };
  }
  while (groups.length < 8) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? "";
    const next = rest.charAt(digits.length);
    const acc = Number.parseInt(digits, 16);
    if (digits.length > 4) throw fail("each group must have 4 or less digits", rest);
    if (digits === "") throw fail("each colon-separated field must have at least one digit", rest);
    if (next === ".") {
      if (gap < 0 && groups.length !== 6)
        throw fail("embedded IPv4 address must replace the final 2 fields of the address", rest);
      if (groups.length + 2 > 8)
        throw fail("too many hex fields to fit an embedded IPv4 at the end of the address", rest);
      const embedded = parseIPv4(rest, fail);
      groups.push(Number(embedded >> 16n), Number(embedded & 0xffffn));
      rest = "";
      break;
    }
    groups.push(acc);
    rest = rest.slice(digits.length);
    if (rest === "") break;
    if (next !== ":") throw fail("unexpected character, want colon", rest);
    if (rest.length === 1) throw fail("colon must be followed by more characters", rest);
    rest = rest.slice(1);
    if (rest.startsWith(":")) {
      if (gap >= 0) throw fail("multiple :: in address", rest);
      gap = groups.length;
      rest = rest.slice(1);
      if (rest === "") break;
    }
  }
  if (rest !== "") throw fail("trailing garbage after address", rest);
  if (groups.length < 8) {
    if (gap < 0) throw fail("address string too short");
    groups.splice(gap, 0, ...Array.from({ length: 8 - groups.length }, () => 0));
  } else if (gap >= 0) {
    throw fail("the :: must expand to at least one field of zeros");
  }
  return { family: 6, value: groups.reduce((sum, group) => sum * 65536n + BigInt(group), 0n), zone };
}
