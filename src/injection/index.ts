export { type ClusterObjects, ClusterReader } from "./cluster-objects.js";
export { type DecisionCode, decisionCodes, type FailureCode, failureCodes } from "./code.js";
export { compileConfig, withCluster } from "./compile-config.js";
export { ConfigError, type ConfigErrorCode, type ConfigErrorPlace } from "./config-error.js";
export { type Decision, type DecisionRules, decide, type RuleOutcome } from "./decide.js";
export { type ExplainInput, type Explanation, explain } from "./explain/explain.js";
export type { Origin } from "./explain/origins.js";
export { type InjectionStatus, readStatus } from "./finish/status.js";
export { inject } from "./inject.js";
export type { InjectionContext, Owner, RenderPath } from "./injection-context.js";
export { InjectionError } from "./injection-error.js";
export type { InjectionResult, InjectionWarning } from "./injection-result.js";
export { nativeByDefault } from "./native-sidecars.js";
export { nearestName } from "./nearest-name.js";
export { type BudgetOptions, RequestBudget } from "./request-budget.js";
export { type RequestLimits, reviewLimits } from "./request-limits.js";
export type { Snapshot } from "./snapshot.js";
export type { ConfigText, SnapshotInput } from "./snapshot-input.js";
export type { TextGuardMode } from "./text-guard/text-guard.js";
export { type UninjectOptions, type UninjectResult, uninject } from "./uninject.js";
export { validatedAnnotations } from "./validate-annotations.js";
export { deprecatedAnnotations, knownAnnotations, knownLabels } from "./warnings/known-names.js";
export { podWarnings, type WarningFacts } from "./warnings/pod-warnings.js";
export {
  type EntryVerdict,
  injectorWebhooks,
  type WebhookVerdict,
  webhookVerdict,
} from "./webhook-verdict.js";
