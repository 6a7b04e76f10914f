export { type ProbeRequest, type ProbeResult, probeCapture } from "./capture-probe.js";
export { addressesOf, type Host, readHost, uidOf } from "./host-reader.js";
export {
  detectBinary,
  hasRules,
  type IptablesBinary,
  parseVersion,
  waitArguments,
} from "./iptables-binary.js";
export { namespaceRunner, type Place } from "./namespace-runner.js";
export { NetfilterError, type NetfilterErrorCode } from "./netfilter-error.js";
export { readPodNetwork } from "./network-reader.js";
export { type ProgramOptions, programRules } from "./program-rules.js";
export { Routes } from "./routes.js";
export { RuleWriter } from "./rule-writer.js";
export { type RunContext, runRequest } from "./run-request.js";
export { readSavedRules, type SavedRules } from "./saved-rules.js";
export type { ToolInput, ToolResult, ToolRunner } from "./tool-runner.js";
export { validateCapture } from "./validate-capture.js";
