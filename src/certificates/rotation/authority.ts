import type { X509Certificate } from "node:crypto";
import { type CertificateInfo, certificateInfo } from "../certificate-info.js";
import type { KeyPair } from "../key-pair.js";
import { remember } from "./remember.js";

/** A certificate that others are signed with, as it stands in a bundle. */
export interface Authority {
  /** This certificate alone, as Node writes it, so that equal certificates are equal texts. */
  readonly pem: string;
  readonly certificate: X509Certificate;
  readonly info: CertificateInfo;
}

/** An authority with its key. */
export interface SigningAuthority extends Authority {
  readonly pair: KeyPair;
}

/** A certificate that an authority signed. */
export interface Signed {
  readonly certificate: X509Certificate;
  readonly info: CertificateInfo;
}

export function toAuthority(certificate: X509Certificate): Authority {
  return { pem: certificate.toString(), certificate, info: certificateInfo(certificate) };
}

/** Tells whether an authority's signature is on a certificate. Dates are another question. */
export function signed(authority: Authority, leaf: Signed): boolean {
  return verify({ authority, leaf });
}

const verify = remember(
  500,
  ({ authority, leaf }: { authority: Authority; leaf: Signed }) =>
    `${authority.info.fingerprint} ${leaf.info.fingerprint}`,
  ({ authority, leaf }) =>
    authority.info.authority &&
    leaf.certificate.checkIssued(authority.certificate) &&
    leaf.certificate.verify(authority.certificate.publicKey),
);

/** Tells whether an authority is one of this installation: by its name, which it gave itself. */
export function isOwn(authority: Authority, authorityName: string): boolean {
  return authority.info.subject === `CN=${authorityName}` && signed(authority, authority);
}
