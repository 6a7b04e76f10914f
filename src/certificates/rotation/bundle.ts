import { X509Certificate } from "node:crypto";
import { type Authority, type Signed, signed, toAuthority } from "./authority.js";
import { remember } from "./remember.js";

/** What a caBundle holds. */
export interface Bundle {
  readonly authorities: readonly Authority[];
  /** Whether it holds nothing else: no block that cannot be parsed, no text between. */
  readonly clean: boolean;
}

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Reads a caBundle as Go's x509.CertPool does: what cannot be parsed is passed over. */
export const readBundle: (text: string) => Bundle = remember(
  200,
  (text) => text,
  (text) => {
    const blocks = text.match(block) ?? [];
    const authorities = blocks.flatMap((pem) => {
      try {
        return [toAuthority(new X509Certificate(pem))];
      } catch {
        return [];
      }
    });
    const clean = authorities.length === blocks.length && text.replace(block, "").trim() === "";
    return { authorities, clean };
  },
);

/** The text of a bundle: each certificate once, in this order. */
export function writeBundle(authorities: readonly Authority[]): string {
  return [...new Set(authorities.map(({ pem }) => pem.trimEnd()))].map((pem) => `${pem}\n`).join("");
}

/** Tells whether a bundle holds every authority that it needs, and nothing but those that it may hold. In any order. */
export function fits(
  bundle: Bundle,
  { needed, allowed }: { readonly needed: readonly Authority[]; readonly allowed: readonly Authority[] },
): boolean {
  const held = fingerprints(bundle.authorities);
  const may = fingerprints(allowed);
  return (
    bundle.clean &&
    [...fingerprints(needed)].every((one) => held.has(one)) &&
    [...held].every((one) => may.has(one))
  );
}

function fingerprints(authorities: readonly Authority[]): ReadonlySet<string> {
  return new Set(authorities.map(({ info }) => info.fingerprint));
}

/** Tells whether a client that trusts this bundle accepts a leaf's signature at this time. */
export function verifies(bundle: Bundle, leaf: Signed, time: number): boolean {
  return bundle.authorities.some(
    (authority) =>
      signed(authority, leaf) && authority.info.notBefore <= time && time <= authority.info.notAfter,
  );
}
