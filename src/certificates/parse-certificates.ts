import { X509Certificate } from "node:crypto";
import { CertificateError } from "./certificate-error.js";

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/**
 * Parses every certificate of a PEM text, in its order. Text between the blocks is comment, as in OpenSSL.
 *
 * @throws CertificateError `certificate-missing` when there is none, `certificate-invalid` when one cannot be parsed
 *   or the text holds a block of another kind, such as a key
 */
export function parseCertificates(pem: string): readonly X509Certificate[] {
  const certificates: X509Certificate[] = [];
  for (const [text, kind] of pem.matchAll(block)) {
    if (kind !== "CERTIFICATE") {
      throw new CertificateError(
        "certificate-invalid",
        `the text holds a ${kind} where only certificates belong`,
      );
    }
    certificates.push(parseOne(text, certificates.length + 1));
  }
  if (certificates.length === 0) {
    throw new CertificateError("certificate-missing", "the text holds no PEM certificate");
  }
  return certificates;
}

function parseOne(text: string, position: number): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new CertificateError("certificate-invalid", `certificate ${position} cannot be parsed`, { cause });
  }
}
