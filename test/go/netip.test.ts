import { describe, expect, it } from "vitest";
import {
  addressBits,
  formatAddress,
  formatPrefix,
  isLoopback,
  networkOf,
  parseAddress,
  parsePrefix,
  prefixContains,
  prefixFault,
  prefixOf,
} from "../../src/go/index.js";
import { goText, rowsOf } from "./recorded.js";

describe("an IP address", () => {
  it("is read and printed as netip does, but for zones", () => {
    const rows = rowsOf("netip", "address", 350);
    const answers = rows.map(([text, , hasZone]) => {
      const address = parseAddress(goText(text));
      return [
        text,
        address === undefined ? null : formatAddress(address),
        hasZone,
        address !== undefined && isLoopback(address),
      ];
    });
    expect(answers).toEqual(
      rows.map(([text, printed, hasZone, loopback]) => [
        text,
        hasZone ? null : printed,
        hasZone,
        !hasZone && loopback,
      ]),
    );
  });
});

describe("a prefix", () => {
  it("is read, refused and printed as netip does", () => {
    const rows = rowsOf("netip", "prefix", 400);
    const answers = rows.map(([cell]) => {
      const prefix = parsePrefix(goText(cell));
      const printed = prefix === undefined ? [null, null] : [prefix, networkOf(prefix)].map(formatPrefix);
      return [cell, prefixFault(goText(cell)) ?? null, ...printed];
    });
    expect(answers).toEqual(rows);
  });

  it("contains the addresses that Go says it does", () => {
    const rows = rowsOf("netip", "contains", 80);
    const answers = rows.map(([text, inside]) => {
      const [prefix, address] = [parsePrefix(goText(text)), parseAddress(goText(inside))];
      return [text, inside, prefix !== undefined && address !== undefined && prefixContains(prefix, address)];
    });
    expect(answers).toEqual(rows);
  });

  it("of one address is as long as the address", () => {
    const address = { family: 6, value: 1n } as const;
    expect(prefixOf(address)).toEqual({ address, length: addressBits[6] });
  });
});
