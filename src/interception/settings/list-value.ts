import { formatPrefix, isLoopback, type Prefix, parsePrefix } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";

/** Splits a comma list as Istio does: empty elements go, blanks stay. */
export function splitList(text: string): string[] {
  return text.split(",").filter((element) => element !== "");
}

/** The CIDRs of one family, printed canonically, or everything. */
export interface FamilyRanges {
  readonly wildcard: boolean;
  readonly cidrs: readonly string[];
}

/** A list of CIDRs, split by family. */
export interface Ranges {
  readonly ipv4: FamilyRanges;
  readonly ipv6: FamilyRanges;
  /** Whether the address of one element is a loopback address, in either family. */
  readonly hasLoopback: boolean;
}

/**
 * Splits a CIDR list by family. `*` alone means every address, where `wildcardAllowed`.
 * @throws InterceptionError `setting-invalid` naming the element that is not `address/length`.
 */
export function splitRanges(name: string, text: string, wildcardAllowed: boolean): Ranges {
  if (text === "*" && wildcardAllowed) {
    const all = { wildcard: true, cidrs: [] };
    return { ipv4: all, ipv6: all, hasLoopback: false };
  }
  const prefixes = splitList(text).map((element): Prefix => {
    const prefix = parsePrefix(element);
    if (prefix === undefined)
      throw new InterceptionError(
        "setting-invalid",
        `${name}: ${JSON.stringify(element)} is not an address with a prefix length; write it as 10.0.0.0/8 or fd00::/8`,
      );
    return prefix;
  });
  const of = (family: 4 | 6): FamilyRanges => ({
    wildcard: false,
    cidrs: prefixes.filter((prefix) => prefix.address.family === family).map(formatPrefix),
  });
  return { ipv4: of(4), ipv6: of(6), hasLoopback: prefixes.some((prefix) => isLoopback(prefix.address)) };
}
