import type { JsonObject } from "../json/index.js";
import type { Operation } from "../jsonpatch/index.js";
import type { DecisionCode } from "./code.js";

/** Something a user should know about a pod. The message begins with the name it is about. */
export interface InjectionWarning {
  readonly code: string;
  readonly message: string;
}

/** What injection made of one pod. */
export interface InjectionResult {
  readonly decision: "inject" | "skip";
  /** Which rule decided. */
  readonly reason: DecisionCode;
  readonly warnings: readonly InjectionWarning[];
  /** The templates that were applied, in order; empty when skipped. */
  readonly templates: readonly string[];
  /** The pod as it should be. When skipped, the very pod that came in. Never the same object as the input otherwise. */
  readonly pod: JsonObject;
  /**
   * RFC 6902 operations from the pod that came in to `pod`; empty when skipped. Computed on first use,
   * which throws InjectionError `work-exceeded` or `deadline-exceeded` where the budget of the injection ends.
   */
  readonly patch: readonly Operation[];
  /** The JSON text of an object of `pod`, as JSON.stringify writes it; undefined where only writing it can tell. */
  textOf?(part: JsonObject): string | undefined;
}
