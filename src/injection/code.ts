/**
 * The closed table of everything injection says about a pod: why it was injected or not, what failed, what it
 * warns of. Log line, metric label, audit annotation, admission warning and `explain` take code and sentence from here.
 */
export const decisionCodes = {
  "label-true": "the pod's label sidecar.istio.io/inject asks for injection",
  "annotation-true": "the pod's annotation sidecar.istio.io/inject asks for injection",
  "always-inject-selector":
    "an alwaysInjectSelector of the injector's configuration matches the pod's labels",
  "policy-enabled": "the injector's policy injects every pod that does not say otherwise",
  "host-network": "the pod uses the host's network, which a sidecar must not capture",
  "ignored-namespace": "the pod's namespace belongs to Kubernetes itself and is never injected",
  "label-false": "the pod's label sidecar.istio.io/inject forbids injection",
  "annotation-false": "the pod's annotation sidecar.istio.io/inject forbids injection",
  "never-inject-selector": "a neverInjectSelector of the injector's configuration matches the pod's labels",
  "policy-disabled": "the injector's policy injects no pod that does not ask for it",
  "policy-invalid": "the injector's policy is neither enabled nor disabled, so nothing is injected",
} as const;

/** Why injection failed. */
export const failureCodes = {
  "pod-invalid": "the object is not a pod that Kubernetes would accept",
  "annotation-invalid": "an annotation has a value that Istio does not accept",
  "template-unknown": "the pod names a template that the configuration does not have",
  "template-failed": "a template could not be executed for this pod",
  "template-output-invalid": "what a template made is not the YAML of a pod",
  "text-changes-structure": "a text of the pod would change the structure of what a template makes",
  "merge-failed": "what a template made could not be merged into the pod",
  "overrides-invalid": "the annotation proxy.istio.io/overrides cannot be read",
  "prometheus-invalid": "the pod's prometheus annotations cannot be served by the sidecar",
  "pod-too-large": "the pod is larger than any that Kubernetes could keep and run",
  "too-many-templates": "the pod asks for more templates than one pod may have",
  "work-exceeded": "the pod takes more work than one request may cost",
  "deadline-exceeded": "the time for this request was over before the pod was ready",
  internal: "Pillion itself failed; please report it",
} as const;

/** A code of the decision, in {@link decisionCodes}. */
export type DecisionCode = keyof typeof decisionCodes;
/** A code of a failure, in {@link failureCodes}. */
export type FailureCode = keyof typeof failureCodes;
