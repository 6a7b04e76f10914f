import { quoteExcerpt } from "../strconv/quote-excerpt.js";

/** An IP address as a number. An IPv4 address mapped into IPv6 stays IPv6, as in Go's netip. */
export interface Address {
  readonly family: 4 | 6;
  /** 32 or 128 bits. */
  readonly value: bigint;
}

/** An address that may have had a zone (`%eth0`) behind it. */
export interface ZonedAddress extends Address {
  readonly hasZone: boolean;
}

/** Reads an address as netip.ParseAddr does. What is none gives Go's words for it. */
export function readAddress(text: string): ZonedAddress | string {
  const read = readByMark(text);
  return typeof read === "string" ? `ParseAddr(${quoteExcerpt(text)}): ${read}` : read;
}

function readByMark(text: string): ZonedAddress | string {
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === ":") return readIPv6(text);
  if (mark !== ".") return mark === "%" ? "missing IPv6 address" : "unable to parse IP";
  const value = readIPv4(text);
  return typeof value === "string" ? value : { family: 4, value, hasZone: false };
}

function fault(why: string, at: string): string {
  return `${why} (at ${quoteExcerpt(at)})`;
}

function readIPv4(text: string): bigint | string {
  let value = 0n;
  let octet = 0;
  let digits = 0;
  let fields = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char >= "0" && char <= "9") {
      if (digits === 1 && octet === 0) return "IPv4 field has octet with leading zero";
      octet = octet * 10 + Number(char);
      digits++;
      if (octet > 255) return "IPv4 field has value >255";
    } else if (char === ".") {
      if (i === 0 || i === text.length - 1 || text.charAt(i - 1) === ".")
        return fault("IPv4 field must have at least one digit", text.slice(i));
      if (fields === 3) return "IPv4 address too long";
      value = value * 256n + BigInt(octet);
      fields++;
      octet = 0;
      digits = 0;
    } else {
      return fault("unexpected character", text.slice(i));
    }
  }
  return fields < 3 ? "IPv4 address too short" : value * 256n + BigInt(octet);
}

function readIPv6(text: string): ZonedAddress | string {
  const percent = text.indexOf("%");
  if (percent >= 0 && percent === text.length - 1) return "zone must be a non-empty string";
  const groups = new GroupReader(percent < 0 ? text : text.slice(0, percent)).read();
  if (typeof groups === "string") return groups;
  const value = groups.reduce((sum, group) => sum * 65536n + BigInt(group), 0n);
  return { family: 6, value, hasZone: percent >= 0 };
}

/** Reads the eight groups of an IPv6 address. */
class GroupReader {
  readonly #groups: number[] = [];
  /** How many groups stand before the `::`; -1 when there is none. */
  #gap = -1;
  #fault: string | undefined;

  constructor(private rest: string) {}

  read(): readonly number[] | string {
    if (this.rest.startsWith("::")) {
      this.#gap = 0;
      this.rest = this.rest.slice(2);
    }
    let more = !(this.#gap === 0 && this.rest === "");
    while (more && this.#groups.length < 8) more = this.#group() && this.#separator();
    if (this.#fault !== undefined) return this.#fault;
    return this.rest === "" ? this.#filled() : fault("trailing garbage after address", this.rest);
  }

  /** Ends the reading. */
  #fail(why: string): false {
    this.#fault = fault(why, this.rest);
    return false;
  }

  /** Reads a group. Tells whether something follows. */
  #group(): boolean {
    const digits = /^[0-9a-fA-F]*/.exec(this.rest)?.[0] ?? "";
    if (digits.length > 4) return this.#fail("each group must have 4 or less digits");
    if (digits === "") return this.#fail("each colon-separated field must have at least one digit");
    if (this.rest.charAt(digits.length) === ".") return this.#embedded();
    this.#groups.push(Number.parseInt(digits, 16));
    this.rest = this.rest.slice(digits.length);
    return this.rest !== "";
  }

  /** Reads the IPv4 address that may stand for the last two groups. Nothing follows it. */
  #embedded(): false {
    if (this.#gap < 0 && this.#groups.length !== 6)
      return this.#fail("embedded IPv4 address must replace the final 2 fields of the address");
    if (this.#groups.length > 6)
      return this.#fail("too many hex fields to fit an embedded IPv4 at the end of the address");
    const value = readIPv4(this.rest);
    if (typeof value === "string") this.#fault = value;
    else this.#groups.push(Number(value >> 16n), Number(value & 0xffffn));
    this.rest = "";
    return false;
  }

  /** Reads `:` or `::`. Tells whether a group must follow. */
  #separator(): boolean {
    if (!this.rest.startsWith(":")) return this.#fail("unexpected character, want colon");
    if (this.rest.length === 1) return this.#fail("colon must be followed by more characters");
    this.rest = this.rest.slice(1);
    if (!this.rest.startsWith(":")) return true;
    if (this.#gap >= 0) return this.#fail("multiple :: in address");
    this.#gap = this.#groups.length;
    this.rest = this.rest.slice(1);
    return this.rest !== "";
  }

  #filled(): readonly number[] | string {
    const missing = 8 - this.#groups.length;
    if (missing === 0 && this.#gap >= 0) return "the :: must expand to at least one field of zeros";
    if (missing > 0 && this.#gap < 0) return "address string too short";
    const zeros = Array.from({ length: missing }, () => 0);
    const gap = Math.max(this.#gap, 0);
    return [...this.#groups.slice(0, gap), ...zeros, ...this.#groups.slice(gap)];
  }
}
