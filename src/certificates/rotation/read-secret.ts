import type { X509Certificate } from "node:crypto";
import { CertificateError } from "../certificate-error.js";
import { type CheckedKeyPair, certificateOf } from "../check-key-pair.js";
import type { KeyPair } from "../key-pair.js";
import { parseCertificates } from "../parse-certificates.js";
import { type Authority, type SigningAuthority, type Signed, signed, toAuthority } from "./authority.js";
import type { SecretContent } from "./observation.js";

/** An old authority with the end of its last leaf. */
export interface Retired {
  readonly authority: Authority;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A leaf whose key fits, with the authority that signed it. */
export interface Leaf extends Signed {
  readonly pair: CheckedKeyPair;
  readonly authority: Authority;
}

/** What of a Secret can be used. Dates and names are not judged here. */
export interface SecretParts {
  readonly signing: SigningAuthority | undefined;
  readonly next: SigningAuthority | undefined;
  readonly leaf: Leaf | undefined;
  readonly retired: readonly Retired[];
  /** Certificates of authorities whose keys are missing or wrong: they may still be trusted somewhere. */
  readonly keyless: readonly Authority[];
  /** What is wrong, one sentence part each. Never holds a part of a key. */
  readonly problems: readonly string[];
}

export const noParts: SecretParts = {
  signing: undefined,
  next: undefined,
  leaf: undefined,
  retired: [],
  keyless: [],
  problems: [],
};

/** The authorities whose leaves may be in use, the newest first. */
export function authoritiesOf({
  next,
  signing,
  retired,
}: Pick<SecretParts, "next" | "signing" | "retired">): readonly Authority[] {
  const current = [next, signing].filter((one) => one !== undefined);
  return [...current, ...retired.map(({ authority }) => authority)];
}

// By the object, so that nothing that holds a key outlives who asked.
const known = new WeakMap<SecretContent, SecretParts>();

/**
 * Reads the Secret part by part: what is broken is named, what is sound is kept. The same object is read once.
 *
 * Decided in ADR 0401.
 */
export function readSecret(content: SecretContent): SecretParts {
  const parts = known.get(content) ?? readParts(content);
  known.set(content, parts);
  return parts;
}

function readParts(content: SecretContent): SecretParts {
  const problems: string[] = [];
  const keyless: Authority[] = [];
  const signing = readAuthority(content, "ca", problems, keyless);
  const next = readAuthority(content, "next-ca", problems, keyless);
  const retired = readRetired(content["retired.json"], problems);
  if (signing === undefined && next === undefined && problems.length === 0) {
    problems.push("ca.crt: the Secret holds no authority");
  }
  const parts = { signing, next, retired, keyless, leaf: undefined, problems };
  return { ...parts, leaf: readLeaf(content, [...authoritiesOf(parts), ...keyless], problems) };
}

function readAuthority(
  content: SecretContent,
  name: "ca" | "next-ca",
  problems: string[],
  keyless: Authority[],
): SigningAuthority | undefined {
  const pair = readPair(content, name);
  if (pair === undefined) return undefined;
  let authority: Authority | undefined;
  try {
    const [certificate] = parseCertificates(pair.certificatePem);
    if (certificate === undefined) return undefined;
    authority = toAuthority(certificate);
    if (!signed(authority, authority) || !onP256(certificate)) {
      problems.push(`${name}.crt: the certificate is not a P-256 authority that signed itself`);
      return undefined;
    }
    certificateOf(pair);
    return { ...authority, pair: { certificatePem: authority.pem, keyPem: pair.keyPem } };
  } catch (error) {
    problems.push(`${name}: ${sentence(error)}`);
    if (authority !== undefined) keyless.push(authority);
    return undefined;
  }
}

// Leaves are signed with the key, and the issuer knows this one kind.
function onP256({ publicKey }: X509Certificate): boolean {
  return publicKey.asymmetricKeyDetails?.namedCurve === "prime256v1";
}

function readLeaf(
  content: SecretContent,
  authorities: readonly Authority[],
  problems: string[],
): Leaf | undefined {
  const pair = readPair(content, "tls");
  if (pair === undefined) return undefined;
  try {
    const certificate = certificateOf(pair);
    const leaf = toLeaf(pair, certificate, authorities);
    if (leaf === undefined) problems.push("tls.crt: no authority in the Secret signed the certificate");
    return leaf;
  } catch (error) {
    problems.push(`tls: ${sentence(error)}`);
    return undefined;
  }
}

function toLeaf(
  pair: KeyPair,
  certificate: X509Certificate,
  authorities: readonly Authority[],
): Leaf | undefined {
  const { info } = toAuthority(certificate);
  const authority = authorities.find((one) => signed(one, { certificate, info }));
  return authority && { certificate, info, authority, pair: { ...pair, info } };
}

// Both keys absent or empty is no pair, and no fault; one alone is a fault that parsing names.
function readPair(content: SecretContent, name: string): KeyPair | undefined {
  const certificatePem = content[`${name}.crt`] ?? "";
  const keyPem = content[`${name}.key`] ?? "";
  return certificatePem.trim() === "" && keyPem.trim() === "" ? undefined : { certificatePem, keyPem };
}

function readRetired(text: string | undefined, problems: string[]): Retired[] {
  if (text === undefined || text.trim() === "") return [];
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) throw new CertificateError("certificate-invalid", "the text is not a list");
    return list.map(readRetiredEntry);
  } catch (error) {
    problems.push(`retired.json: ${sentence(error)}`);
    return [];
  }
}

function readRetiredEntry(entry: unknown): Retired {
  if (typeof entry === "object" && entry !== null && "certificate" in entry && "until" in entry) {
    const until = typeof entry.until === "string" ? Date.parse(entry.until) : Number.NaN;
    if (typeof entry.certificate === "string" && !Number.isNaN(until)) {
      const [certificate] = parseCertificates(entry.certificate);
      if (certificate !== undefined) return { authority: toAuthority(certificate), until };
    }
  }
  throw new CertificateError("certificate-invalid", "an entry has no certificate or no time");
}

// A JSON parser quotes what it could not read, and the Secret holds keys.
function sentence(error: unknown): string {
  return error instanceof CertificateError ? error.message : "the text cannot be parsed";
}
