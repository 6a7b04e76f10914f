import { createAuthority, type IssuerWorld, issueLeaf, type LeafRequest } from "./issue.js";
import type { KeyPair } from "./key-pair.js";

/** Where leaves come from: the narrow waist between those who serve with a certificate and those who make one. */
export interface CertificateIssuer {
  /** The authority's certificate, PEM: what clients must trust. */
  readonly authorityPem: string;
  issue(request: LeafRequest): Promise<KeyPair>;
}

/** An issuer on an authority that is there. `world` is asked anew for every leaf. */
export function authorityIssuer(authority: KeyPair, world: () => IssuerWorld): CertificateIssuer {
  return {
    authorityPem: authority.certificatePem,
    issue: (request) => issueLeaf(authority, request, world()),
  };
}

/** An issuer on an authority of its own, made now, whose key never leaves it. */
export async function selfSignedIssuer(
  commonName: string,
  days: number,
  world: () => IssuerWorld,
): Promise<CertificateIssuer> {
  return authorityIssuer(await createAuthority({ commonName, days }, world()), world);
}
