export { bundleManager } from "./authority/apply-ca-bundle.js";
export { defaultLeaseTiming, LeaseHolder, type LeaseTiming } from "./authority/lease.js";
export { ObjectsWatch, type ObjectsWatchWorld } from "./authority/objects-watch.js";
export {
  type AuthorityOptions,
  type ClusterAuthority,
  openAuthority,
} from "./authority/open-authority.js";
export { TrustWatch } from "./authority/trust-watch.js";
export type { ApiClient, Query, ServerTime, StreamOptions, WriteRequest } from "./api-client.js";
export {
  type CheckCode,
  type CheckName,
  type CheckStatus,
  checkNames,
  type FaultCode,
  faultCodes,
  otherCodes,
} from "./check/check-code.js";
export type { Finding } from "./check/finding.js";
export { type CheckOptions, type CheckReport, runCheck } from "./check/run-check.js";
export { ClusterError, type ClusterErrorCode } from "./cluster-error.js";
export { type ClusterSource, type ClusterSourceOptions, openClusterSource } from "./cluster-source.js";
export { type ConnectOptions, connect } from "./connect.js";
export { findRivals, type Rival } from "./find-rivals.js";
export { type HttpsClientOptions, httpsClient } from "./https-client.js";
export { reportRivals } from "./report-rivals.js";
export { type ResourceName, webhookConfigurationResource } from "./resource.js";
export { carryOut, foresee, type TagChange, type TagWorld, tryOut } from "./tag/carry-out.js";
export { defaultOwners, describeOwners, isUnfinished } from "./tag/default-owners.js";
export { type ListedTag, listTags } from "./tag/list-tags.js";
export { wantedTag } from "./tag/plan-set.js";
export { removeTagChange, restoreDefaultChange } from "./tag/remove-tag.js";
export { type SetTagOptions, setTagChange } from "./tag/set-tag.js";
export { readConfigurations } from "./tag/tag-api.js";
export { TagError, type TagErrorCode } from "./tag/tag-error.js";
export { tagUses } from "./tag/tag-uses.js";
export type { TagWrite } from "./tag/tag-write.js";
export { defaultTiming, type WatchTiming, type WatchWorld } from "./watched-list.js";
export {
  deactivatedLabel,
  type InjectorEntry,
  injectorEntrySuffix,
  isOwnEntry,
  neverMatch,
  type OwnAddress,
  readWebhookConfiguration,
  readWebhookConfigurations,
  type ServiceAddress,
  type WebhookConfiguration,
  webhookConfigurationsPath,
} from "./webhook-configuration.js";
