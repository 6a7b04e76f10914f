/** A certificate with its private key, both PEM. The certificate's issuers may follow it. */
export interface KeyPair {
  readonly certificatePem: string;
  /** PKCS#8, PKCS#1 or SEC1, not encrypted. */
  readonly keyPem: string;
}
