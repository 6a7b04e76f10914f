/** What is wrong with a certificate, a key or a request for one. */
export type CertificateErrorCode =
  | "certificate-missing"
  | "certificate-invalid"
  | "key-missing"
  | "key-invalid"
  | "key-encrypted"
  | "key-mismatch"
  | "not-yet-valid"
  | "expired"
  | "name-missing"
  | "request-invalid";

/** Thrown when a certificate or a key cannot be used. The message never holds a part of a key. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
  constructor(
    readonly code: CertificateErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
