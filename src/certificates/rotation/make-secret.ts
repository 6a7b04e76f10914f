import type { webcrypto } from "node:crypto";
import { createAuthority, issueLeaf } from "../issue.js";
import type { KeyPair } from "../key-pair.js";
import type { SecretContent } from "./observation.js";
import type { Retired } from "./read-secret.js";
import type { SecretPlan } from "./secret-plan.js";

/**
 * Makes the content of the Secret: keys and certificates that the plan wants made are made, the others are taken over.
 * It is the whole of `data`.
 */
export async function makeSecret(plan: SecretPlan, crypto: webcrypto.Crypto): Promise<SecretContent> {
  const { names, authorityName, policy } = plan.options;
  const world = { crypto, now: plan.time };
  // See clockToleranceMs: both ends of a connection may be off, each twice over between issuing and serving.
  const earlyMs = 6 * policy.clockToleranceMs;
  const next =
    plan.next === "make"
      ? await createAuthority({ commonName: authorityName, days: policy.authorityDays, earlyMs }, world)
      : plan.next;
  const issuer = plan.signing ?? next;
  const leaf =
    plan.leaf === "issue" && issuer !== undefined
      ? await issueLeaf(issuer, { names, days: policy.leafDays, earlyMs }, world)
      : plan.leaf;
  return {
    ...texts("ca", plan.signing),
    ...texts("next-ca", next),
    ...texts("tls", leaf === "issue" ? undefined : leaf),
    "retired.json": JSON.stringify(plan.retired.map(retiredEntry)),
  };
}

function texts(name: string, pair: KeyPair | undefined): SecretContent {
  return pair === undefined ? {} : { [`${name}.crt`]: pair.certificatePem, [`${name}.key`]: pair.keyPem };
}

function retiredEntry({ authority, until }: Retired) {
  return { certificate: authority.pem, until: new Date(until).toISOString() };
}
