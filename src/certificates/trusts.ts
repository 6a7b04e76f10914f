import { X509Certificate } from "node:crypto";
import { parseCertificates } from "./parse-certificates.js";

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Whether a client that trusts a bundle accepts a served chain: some certificate of the bundle is the leaf itself, or
 * signed it, or signed one of the intermediates that lead to it. Names are not looked at, nor is the leaf's own time.
 *
 * @param bundle PEM; as in Go's pools, what cannot be parsed in it is passed over
 * @param chain PEM, the leaf first
 * @param now milliseconds since 1970
 * @throws CertificateError when the chain cannot be parsed
 */
export function trusts(bundle: string, chain: string, now: number): boolean {
  const [leaf, ...intermediates] = parseCertificates(chain);
  const anchors = readAnchors(bundle).filter((anchor) => isValid(anchor, now));
  return leaf !== undefined && leadsTo(anchors, leaf, intermediates, now);
}

function leadsTo(
  anchors: readonly X509Certificate[],
  certificate: X509Certificate,
  intermediates: readonly X509Certificate[],
  now: number,
): boolean {
  if (anchors.some((anchor) => anchor.fingerprint256 === certificate.fingerprint256)) return true;
  if (anchors.some((anchor) => signed(anchor, certificate))) return true;
  return intermediates.some(
    (issuer, index) =>
      isValid(issuer, now) &&
      signed(issuer, certificate) &&
      leadsTo(anchors, issuer, intermediates.toSpliced(index, 1), now),
  );
}

function signed(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValid({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function readAnchors(bundle: string): readonly X509Certificate[] {
  return (bundle.match(block) ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}
