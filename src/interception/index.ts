export {
  type CniDecision,
  type CniPluginConfig,
  type CniReason,
  type CniRequest,
  cniReasons,
  decideCni,
  defaultCniPluginConfig,
  isCniAgentPod,
} from "./cni/decision.js";
export { defaultEnablementSelectors, type EnablementSelector } from "./cni/enablement-selector.js";
export { defaultRepairFilter, isBroken, type RepairFilter } from "./cni/repair.js";
export {
  type Contradiction,
  type ContradictionCode,
  contradictionCodes,
  contradictions,
  ownerGroupMatchLimit,
} from "./contradictions.js";
export { InterceptionError, type InterceptionErrorCode } from "./interception-error.js";
export { inFinalOrder } from "./plan/final-order.js";
export { type NftPlan, type Plan, type PlanOptions, plan, planNft } from "./plan/plan.js";
export type { PlannedNftRule, PlannedRule, RuleReason, RuleText } from "./plan/planned-rule.js";
export { type Profile, profileOf, profiles } from "./plan/profile.js";
export { type Strategy, type StrategyName, strategies, strategyOf } from "./plan/strategy.js";
export { causeText, explainRule, type Origins, reasonText } from "./print/explain.js";
export { kernelForm } from "./print/kernel-form.js";
export { loadedTables } from "./print/loaded-tables.js";
export { nftKernelForm, nftListing } from "./print/nft-kernel-form.js";
export { nftCleanupScript, nftScript, nftTables } from "./print/nft-script.js";
export { commandArguments, restoreText, ruleLine } from "./print/restore-text.js";
export {
  type ListingOptions,
  listNftRules,
  listRules,
  nftPlanRecords,
  planRecords,
  type RuleFormat,
  ruleFormats,
} from "./print/rule-listing.js";
export { listText, saveText } from "./print/save-text.js";
export { type Names, noNames } from "./rule/names.js";
export { rulesOfNftListing, rulesOfNftPlan, rulesOfPlan, rulesOfSaves } from "./rule/packet-rules.js";
export { readNftRules } from "./rule/read-nft-rules.js";
export { readRules } from "./rule/read-rules.js";
export type { PacketRules, RuleSet } from "./rule/rule.js";
export { annotationNames } from "./settings/annotation-name.js";
export {
  type CaptureSettings,
  defaultProxyId,
  defaultSettings,
  isSettingName,
  type SettingName,
  type SettingsWithOrigins,
  withProxyIds,
} from "./settings/capture-settings.js";
export { cniSettings, withoutRepeats } from "./settings/cni-settings.js";
export { type ExecutionOptions, environmentName, type Flag, flagTable } from "./settings/flag-table.js";
export { type HostFacts, hostAddress, nameServers } from "./settings/host-facts.js";
export { type InjectorDefaults, injectorArguments, injectorDefaults } from "./settings/injector-arguments.js";
export { splitList, splitRanges } from "./settings/list-value.js";
export { type PodCapture, podSettings } from "./settings/pod-settings.js";
export { viewPodName } from "./settings/pod-view.js";
export { type Environment, type Request, readArguments } from "./settings/read-arguments.js";
export {
  validateBinary,
  validateLoopbackCidr,
  validateOwnerGroups,
  validateSettings,
} from "./settings/validate-settings.js";
export {
  examplePodNetwork,
  type Interface,
  type Packet,
  type PodNetwork,
} from "./trace/packet.js";
export type {
  ChainVisit,
  RulePlace,
  RuleVisit,
  TableVisit,
  Trace,
  TraceStep,
  Verdict,
  VerdictKind,
} from "./trace/trace.js";
export { tracePacket } from "./trace/trace-packet.js";
export { traceRecord } from "./trace/trace-record.js";
export { traceSvg } from "./trace/trace-svg.js";
export { type TreeOptions, traceTree } from "./trace/trace-tree.js";
export { placeText, verdictText } from "./trace/verdict-text.js";
export { checkArguments, cleanupArguments } from "./undo/cleanup.js";
export { guardrails } from "./undo/guardrails.js";
export { leftoverArguments } from "./undo/leftover.js";
export {
  type Action,
  actionFor,
  chainsDiffer,
  type FamilyState,
  hasResidue,
  overallState,
  type RuleState,
  ruleState,
} from "./undo/state.js";
