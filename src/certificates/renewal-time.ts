import type { CertificateInfo } from "./certificate-info.js";

/**
 * When a certificate that we issue ourselves should be replaced, in milliseconds since 1970: after two thirds of its
 * life, as cert-manager does, so that a third is left to notice that renewing fails.
 */
export function renewalTime({
  notBefore,
  notAfter,
}: Pick<CertificateInfo, "notBefore" | "notAfter">): number {
  return notBefore + Math.floor(((notAfter - notBefore) * 2) / 3);
}
