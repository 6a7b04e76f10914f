import { webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createAuthority, issueLeaf, trusts } from "../../src/certificates/index.js";

const day = 86_400_000;
const now = Date.UTC(2026, 0, 15);
const world = { crypto: webcrypto as webcrypto.Crypto, now };
const authority = await createAuthority({ commonName: "one", days: 10 }, world);
// The same name, another key.
const namesake = await createAuthority({ commonName: "one", days: 10 }, world);
const leaf = await issueLeaf(authority, { names: ["localhost"], days: 5 }, world);

describe("a bundle", () => {
  it("is trusted by the key that signed, not by the name", () => {
    expect(trusts(authority.certificatePem, leaf.certificatePem, now)).toBe(true);
    expect(trusts(namesake.certificatePem, leaf.certificatePem, now)).toBe(false);
    expect(trusts(namesake.certificatePem + authority.certificatePem, leaf.certificatePem, now)).toBe(true);
  });

  it("may hold the certificate itself, and things that are no certificates", () => {
    expect(trusts(leaf.certificatePem, leaf.certificatePem, now)).toBe(true);
    const garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    expect(trusts(`${garbage}text${authority.certificatePem}`, leaf.certificatePem, now)).toBe(true);
    expect(trusts(garbage, leaf.certificatePem, now)).toBe(false);
    expect(trusts("", leaf.certificatePem, now)).toBe(false);
  });

  it("counts while its authority's dates hold", () => {
    expect(trusts(authority.certificatePem, leaf.certificatePem, now + 11 * day)).toBe(false);
    expect(trusts(authority.certificatePem, leaf.certificatePem, now - day)).toBe(false);
  });

  it("is not reached through a certificate that is no authority", async () => {
    const below = await issueLeaf({ ...leaf }, { names: ["other"], days: 1 }, world);
    expect(trusts(authority.certificatePem, below.certificatePem + leaf.certificatePem, now)).toBe(false);
  });
});
