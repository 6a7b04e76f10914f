import { type JsonObject, objectAt } from "../../json/index.js";
import { decodePod, KubeError } from "../../kube/index.js";
import { type Decision, decide } from "../decide.js";
import { inject } from "../inject.js";
import type { InjectionContext } from "../injection-context.js";
import { InjectionError } from "../injection-error.js";
import type { InjectionResult, InjectionWarning } from "../injection-result.js";
import { names } from "../names.js";
import { podOf } from "../pod.js";
import type { Snapshot } from "../snapshot.js";
import { validatedAnnotations } from "../validate-annotations.js";
import { type WebhookVerdict, webhookVerdict } from "../webhook-verdict.js";
import { findOrigins, type Origin } from "./origins.js";

export interface ExplainInput {
  readonly pod: JsonObject;
  readonly context: InjectionContext;
  readonly snapshot: Snapshot;
  /** The configurations of the injector's webhook, from `injectorWebhooks`; absent when they are not known. */
  readonly webhooks?: readonly JsonObject[];
  /** Whether to find out where everything came from, which costs about a hundred injections. The default is true. */
  readonly withOrigins?: boolean;
}

/** Everything that can be said about one pod. */
export interface Explanation {
  /** What each webhook configuration says; undefined when none was given. */
  readonly webhooks?: readonly WebhookVerdict[];
  /** Whether the API server would call an injector; undefined when no configuration was given. */
  readonly called?: boolean;
  /** The rules of the injector in order, the last one looked at being the one that decided. */
  readonly decision?: Decision;
  /** What would have decided otherwise, had the winner not been there. */
  readonly overruled: readonly string[];
  /** What injection makes of the pod. */
  readonly result?: InjectionResult;
  /** Why it fails. */
  readonly error?: InjectionError;
  /** Annotations of the pod whose values were checked. */
  readonly validated: readonly string[];
  readonly origins: readonly Origin[];
  readonly warnings: readonly InjectionWarning[];
}

/**
 * Tells what happens to a pod and why: would the API server call, would the injector inject, where does each part come
 * from. The answers come from the very functions that decide and inject.
 */
export function explain({ pod, context, snapshot, webhooks, withOrigins = true }: ExplainInput): Explanation {
  const verdicts = webhooks?.map((one) =>
    webhookVerdict(one, namespaceLabels(pod, context, snapshot), labelsOf(pod)),
  );
  const reached =
    verdicts === undefined ? {} : { webhooks: verdicts, called: verdicts.some(({ called }) => called) };
  try {
    const decision = decisionOf(pod, context, snapshot);
    const result = inject(pod, context, snapshot);
    const injected = result.decision === "inject";
    return {
      ...reached,
      decision,
      overruled: overruledBy(decision, pod, snapshot),
      result,
      validated: injected ? annotationsChecked(pod) : [],
      origins: injected && withOrigins ? findOrigins({ pod, context, snapshot }, result) : [],
      warnings: result.warnings,
    };
  } catch (error) {
    if (error instanceof KubeError)
      return { ...reached, error: invalid(error), overruled: [], validated: [], origins: [], warnings: [] };
    if (!(error instanceof InjectionError)) throw error;
    const decision = decisionOf(pod, context, snapshot);
    return {
      ...reached,
      decision,
      overruled: overruledBy(decision, pod, snapshot),
      error,
      validated: annotationsChecked(pod),
      origins: [],
      warnings: [],
    };
  }
}

function invalid(cause: KubeError): InjectionError {
  return new InjectionError("pod-invalid", `the object is not a pod: ${cause.message}`, { cause });
}

function namespaceOf(pod: JsonObject, context: InjectionContext): string {
  const own = objectAt(pod, "metadata")?.namespace;
  return (typeof own === "string" ? own : "") || context.namespace || "";
}

function decisionOf(pod: JsonObject, context: InjectionContext, snapshot: Snapshot): Decision {
  return decide(podOf(decodePod(pod)), namespaceOf(pod, context), snapshot);
}

/** The labels of the pod's namespace. The API server gives each its name as a label. */
function namespaceLabels(
  pod: JsonObject,
  context: InjectionContext,
  { cluster }: Snapshot,
): Readonly<Record<string, string>> {
  const name = namespaceOf(pod, context) || "default";
  return { ...cluster.namespaceLabels.get(name), "kubernetes.io/metadata.name": name };
}

function labelsOf(pod: JsonObject): Readonly<Record<string, string>> {
  const labels = objectAt(objectAt(pod, "metadata"), "labels") ?? {};
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function annotationsChecked(pod: JsonObject): readonly string[] {
  const annotations = objectAt(objectAt(pod, "metadata"), "annotations") ?? {};
  return Object.keys(annotations).filter((name) => validatedAnnotations.includes(name));
}

/** The words of lower rank that say the opposite of the decision. */
function overruledBy(decision: Decision, pod: JsonObject, snapshot: Snapshot): readonly string[] {
  const ranks = [
    "host-network",
    "ignored-namespace",
    "policy-invalid",
    "label",
    "annotation",
    "never",
    "always",
    "policy",
  ];
  const rank = ranks.findIndex((one) => decision.code.startsWith(one));
  const said: [rank: number, inject: boolean, text: string][] = [];
  const labels = labelsOf(pod);
  const annotations = objectAt(objectAt(pod, "metadata"), "annotations") ?? {};
  for (const [kind, map] of [
    ["label", labels],
    ["annotation", annotations],
  ] as const) {
    const value = Object.hasOwn(map, names.inject) ? map[names.inject] : undefined;
    if (value === "true" || value === "false")
      said.push([ranks.indexOf(kind), value === "true", `${kind} ${names.inject}=${value}`]);
  }
  const never = snapshot.neverInjectSelector.find((selector) => selector.matches(labels));
  const always = snapshot.alwaysInjectSelector.find((selector) => selector.matches(labels));
  if (never !== undefined) said.push([ranks.indexOf("never"), false, `neverInjectSelector ${never.text}`]);
  if (always !== undefined) said.push([ranks.indexOf("always"), true, `alwaysInjectSelector ${always.text}`]);
  said.push([
    ranks.indexOf("policy"),
    snapshot.policy === "enabled",
    `policy ${snapshot.policy || "missing"}`,
  ]);
  return said
    .filter(([other, inject]) => other > rank && inject !== decision.inject)
    .map(([, , text]) => text);
}
