import type { X509Certificate } from "node:crypto";

/** What a certificate says. */
export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of the DER form: hexadecimal pairs with colons, as TLS libraries print it. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
  readonly authority: boolean;
  /** DNS names and IP addresses of the subject alternative name, in the certificate's order. */
  readonly names: readonly string[];
}

/** Reads what a parsed certificate says. */
export function certificateInfo(certificate: X509Certificate): CertificateInfo {
  return {
    subject: certificate.subject ?? "",
    issuer: certificate.issuer ?? "",
    serialNumber: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    authority: certificate.ca,
    names: readNames(certificate.subjectAltName),
  };
}

// Node prints the names as `DNS:a, IP Address:1.2.3.4`, and quotes one that holds a comma or a quote.
function readNames(text: string | undefined): string[] {
  if (text === undefined) return [];
  const names: string[] = [];
  for (const [, kind, quoted, plain] of text.matchAll(/(DNS|IP Address):(?:"((?:[^"\\]|\\.)*)"|([^,]*))/g)) {
    const name = quoted ?? plain ?? "";
    if (kind !== undefined) names.push(name);
  }
  return names;
}
