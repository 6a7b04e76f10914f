import { goQuote } from "../go/index.js";
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
  if (percent >= 0 && percent === whole.length - 1) throw fail("zone must be a non-empty string");
  const reader = new GroupReader(percent < 0 ? whole : whole.slice(0, percent), fail);
  const value = reader.read().reduce((sum, group) => sum * 65536n + BigInt(group), 0n);
  return { family: 6, value, zone: percent >= 0 };
}

/** Reads the eight groups of an IPv6 address. */
class GroupReader {
  readonly #groups: number[] = [];
  /** How many groups stand before the `::`; -1 when there is none. */
  #gap = -1;

  constructor(
    private rest: string,
    private readonly fail: FailAt,
  ) {}

  read(): number[] {
    if (this.rest.startsWith("::")) {
      this.#gap = 0;
      this.rest = this.rest.slice(2);
    }
    let more = !(this.#gap === 0 && this.rest === "");
    while (more && this.#groups.length < 8) more = this.#group() && this.#separator();
    if (this.rest !== "") throw this.fail("trailing garbage after address", this.rest);
    return this.#filled();
  }

  /** Reads a group. Tells whether something follows. */
  #group(): boolean {
    const digits = /^[0-9a-fA-F]*/.exec(this.rest)?.[0] ?? "";
    if (digits.length > 4) throw this.fail("each group must have 4 or less digits", this.rest);
    if (digits === "") throw this.fail("each colon-separated field must have at least one digit", this.rest);
    if (this.rest.charAt(digits.length) === ".") {
      this.#embedded();
      return false;
    }
    this.#groups.push(Number.parseInt(digits, 16));
    this.rest = this.rest.slice(digits.length);
    return this.rest !== "";
  }

  /** Reads the IPv4 address that may stand for the last two groups. */
  #embedded(): void {
    if (this.#gap < 0 && this.#groups.length !== 6)
      throw this.fail("embedded IPv4 address must replace the final 2 fields of the address", this.rest);
    if (this.#groups.length > 6)
      throw this.fail("too many hex fields to fit an embedded IPv4 at the end of the address", this.rest);
    const value = parseIPv4(this.rest, this.fail);
    this.#groups.push(Number(value >> 16n), Number(value & 0xffffn));
    this.rest = "";
  }

  /** Reads `:` or `::`. Tells whether a group must follow. */
  #separator(): boolean {
    if (!this.rest.startsWith(":")) throw this.fail("unexpected character, want colon", this.rest);
    if (this.rest.length === 1) throw this.fail("colon must be followed by more characters", this.rest);
    this.rest = this.rest.slice(1);
    if (!this.rest.startsWith(":")) return true;
    if (this.#gap >= 0) throw this.fail("multiple :: in address", this.rest);
    this.#gap = this.#groups.length;
    this.rest = this.rest.slice(1);
    return this.rest !== "";
  }

  #filled(): number[] {
    const missing = 8 - this.#groups.length;
    if (missing === 0 && this.#gap >= 0) throw this.fail("the :: must expand to at least one field of zeros");
    if (missing > 0 && this.#gap < 0) throw this.fail("address string too short");
    const zeros = Array.from({ length: missing }, () => 0);
    const gap = Math.max(this.#gap, 0);
    return [...this.#groups.slice(0, gap), ...zeros, ...this.#groups.slice(gap)];
  }
}
