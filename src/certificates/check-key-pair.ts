import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { CertificateError } from "./certificate-error.js";
import { type CertificateInfo, certificateInfo } from "./certificate-info.js";
import { isAddress } from "./is-address.js";
import type { KeyPair } from "./key-pair.js";
import { parseCertificates } from "./parse-certificates.js";

/** What a serving pair is checked against. */
export interface KeyPairDemands {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** DNS names and IP addresses that clients will ask for; each must be covered. */
  readonly names?: readonly string[];
}

/** A pair that was checked. */
export interface CheckedKeyPair extends KeyPair {
  /** What the first certificate says. */
  readonly info: CertificateInfo;
}

/**
 * Checks a pair before it serves: the key belongs to the first certificate, the dates hold now, the names are covered.
 * Node's TLS takes a key of another kind in silence and then fails every handshake, so this stands before every swap.
 *
 * @throws CertificateError that says what is wrong
 */
export function checkKeyPair(pair: KeyPair, { now, names = [] }: KeyPairDemands): CheckedKeyPair {
  const leaf = certificateOf(pair);
  const info = certificateInfo(leaf);
  checkDates(info, now);
  for (const name of names) checkName(leaf, info, name);
  return { certificatePem: pair.certificatePem, keyPem: pair.keyPem, info };
}

/**
 * Parses the first certificate of a pair, to which the key must belong. Dates and names are not looked at.
 *
 * @throws CertificateError that says what is wrong
 */
export function certificateOf(pair: KeyPair): X509Certificate {
  const [leaf] = parseCertificates(pair.certificatePem);
  if (leaf === undefined)
    throw new CertificateError("certificate-missing", "the text holds no PEM certificate");
  if (!leaf.checkPrivateKey(parseKey(pair.keyPem))) {
    throw new CertificateError("key-mismatch", "the private key does not belong to the certificate");
  }
  return leaf;
}

function parseKey(pem: string): KeyObject {
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem)) {
    throw new CertificateError("key-missing", "the text holds no PEM private key");
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new CertificateError(
      "key-encrypted",
      "the private key is encrypted; give one without a passphrase",
    );
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new CertificateError("key-invalid", "the private key cannot be parsed", { cause });
  }
}

function checkDates({ notBefore, notAfter }: CertificateInfo, now: number): void {
  if (now < notBefore) {
    const start = new Date(notBefore).toISOString();
    throw new CertificateError("not-yet-valid", `the certificate is valid only from ${start}`);
  }
  if (now > notAfter) {
    throw new CertificateError("expired", `the certificate ended at ${new Date(notAfter).toISOString()}`);
  }
}

function checkName(leaf: X509Certificate, info: CertificateInfo, name: string): void {
  if (coversName(leaf, name)) return;
  const has = info.names.length === 0 ? "it names none" : `it is for ${info.names.join(", ")}`;
  throw new CertificateError("name-missing", `the certificate is not for ${name}; ${has}`);
}

/** Tells whether a certificate is for a DNS name or IP address. */
export function coversName(leaf: X509Certificate, name: string): boolean {
  if (isAddress(name)) return coversAddress(leaf, name);
  // The subject's common name does not count: Go's clients, the API server among them, ignore it.
  return leaf.checkHost(name, { subject: "never" }) !== undefined;
}

// Node throws for what only looks like an address; no certificate covers such a name.
function coversAddress(leaf: X509Certificate, address: string): boolean {
  try {
    return leaf.checkIP(address) !== undefined;
  } catch {
    return false;
  }
}
