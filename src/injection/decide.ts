import type { DecisionCode } from "./code.js";
import { ignoredNamespaces, names } from "./names.js";
import type { Pod } from "./pod.js";
import type { PodSelector } from "./pod-selector.js";

/** What the decision needs of the configuration. */
export interface DecisionRules {
  /** `enabled`, `disabled`, or anything else, which injects nothing. */
  readonly policy: string;
  readonly neverInjectSelector: readonly PodSelector[];
  readonly alwaysInjectSelector: readonly PodSelector[];
}

/** One rule as it came out. `explain` prints them in order. */
export interface RuleOutcome {
  readonly rule: DecisionCode | "inject-value";
  /** Whether the rule had something to say about this pod. */
  readonly applies: boolean;
  /** What was looked at, such as `label sidecar.istio.io/inject=true`. */
  readonly detail: string;
}

/** The decision about one pod. */
export interface Decision {
  readonly inject: boolean;
  readonly code: DecisionCode;
  /** Every rule that was looked at, in order; the last one decided. */
  readonly rules: readonly RuleOutcome[];
  /** The value of label or annotation that is neither true nor false, if there is one. */
  readonly oddValue?: { readonly kind: "label" | "annotation"; readonly value: string };
}

/**
 * Decides whether a pod is injected, by the rules that istiod's injector has in this order: host network, namespaces of
 * Kubernetes, the pod's own word (a label counts before the annotation, even an empty one), selectors, policy.
 * Namespace and revision labels are the webhook configuration's business and are not looked at.
 */
export function decide(pod: Pod, namespace: string, rules: DecisionRules): Decision {
  const outcomes: RuleOutcome[] = [];
  const note = (rule: RuleOutcome["rule"], applies: boolean, detail: string): boolean => {
    outcomes.push({ rule, applies, detail });
    return applies;
  };
  const end = (inject: boolean, code: DecisionCode, odd?: Decision["oddValue"]): Decision => ({
    inject,
    code,
    rules: outcomes,
    ...(odd === undefined ? {} : { oddValue: odd }),
  });

  if (note("host-network", pod.spec?.hostNetwork === true, `hostNetwork: ${pod.spec?.hostNetwork === true}`))
    return end(false, "host-network");
  if (note("ignored-namespace", ignoredNamespaces.includes(namespace), `namespace ${namespace || "unknown"}`))
    return end(false, "ignored-namespace");

  const labels = pod.metadata?.labels ?? {};
  const word = ownWord(labels, pod.metadata?.annotations ?? {});
  const explicit = word?.value === "true" || word?.value === "false";
  const odd = word !== undefined && !explicit && word.value !== "" ? word : undefined;
  note(
    "inject-value",
    explicit,
    word === undefined ? "no label or annotation" : `${word.kind} ${names.inject}=${word.value}`,
  );

  const legal = rules.policy === "enabled" || rules.policy === "disabled";
  const decided = (inject: boolean, code: DecisionCode, detail: string): Decision => {
    if (note("policy-invalid", !legal, `policy: ${rules.policy || "missing"}`))
      return end(false, "policy-invalid", odd);
    note(code, true, detail);
    return end(inject, code, odd);
  };
  if (word !== undefined && explicit) {
    const code = `${word.kind}-${word.value === "true" ? "true" : "false"}` as const;
    return decided(word.value === "true", code, `${word.kind} ${names.inject}=${word.value}`);
  }
  const never = rules.neverInjectSelector.find((selector) => selector.matches(labels));
  if (note("never-inject-selector", never !== undefined, never?.text ?? "none matches"))
    return decided(false, "never-inject-selector", never?.text ?? "");
  const always = rules.alwaysInjectSelector.find((selector) => selector.matches(labels));
  if (note("always-inject-selector", always !== undefined, always?.text ?? "none matches"))
    return decided(true, "always-inject-selector", always?.text ?? "");
  return rules.policy === "disabled"
    ? decided(false, "policy-disabled", "policy: disabled")
    : decided(true, "policy-enabled", "policy: enabled");
}

/** The pod's own word. A label that exists hides the annotation, whatever its value. */
function ownWord(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): { kind: "label" | "annotation"; value: string } | undefined {
  if (Object.hasOwn(labels, names.inject)) return { kind: "label", value: labels[names.inject] ?? "" };
  if (Object.hasOwn(annotations, names.inject))
    return { kind: "annotation", value: annotations[names.inject] ?? "" };
  return undefined;
}
