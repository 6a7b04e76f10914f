export type { CertificateErrorCode } from "./certificate-error.js";
export { CertificateError } from "./certificate-error.js";
export type { CertificateInfo } from "./certificate-info.js";
export { certificateInfo } from "./certificate-info.js";
export type { CertificateIssuer } from "./certificate-issuer.js";
export { authorityIssuer, selfSignedIssuer } from "./certificate-issuer.js";
export type { CheckedKeyPair, KeyPairDemands } from "./check-key-pair.js";
export { checkKeyPair } from "./check-key-pair.js";
export type { AuthorityRequest, IssuerWorld, LeafRequest } from "./issue.js";
export { createAuthority, issueLeaf } from "./issue.js";
export type { KeyPair } from "./key-pair.js";
export { parseCertificates } from "./parse-certificates.js";
export { renewalTime } from "./renewal-time.js";
export type {
  EntryName,
  Publication,
  RotationDecision,
  SecretWrite,
  Unready,
  UnreadyCode,
} from "./rotation/decision.js";
export { makeSecret } from "./rotation/make-secret.js";
export type {
  ObservedConfiguration,
  ObservedEntry,
  RotationObservation,
  SecretContent,
  SecretObservation,
  ServerTime,
  StoredSecret,
  WebhooksObservation,
} from "./rotation/observation.js";
export type { RotationOptions } from "./rotation/rotation-options.js";
export type { RotationPolicy } from "./rotation/rotation-policy.js";
export { defaultRotationPolicy } from "./rotation/rotation-policy.js";
export type { SecretChange, SecretPlan } from "./rotation/secret-plan.js";
export type { RotationState } from "./rotation/step.js";
export { initialRotation, stepRotation } from "./rotation/step.js";
export { trusts } from "./trusts.js";
