import { describe, expect, it } from "vitest";
import { compileConfig, inject } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const label = (value: string): JsonObject => ({ labels: { "sidecar.istio.io/inject": value } });
const annotation = (value: string): JsonObject => ({ annotations: { "sidecar.istio.io/inject": value } });
const both = (onLabel: string, onAnnotation: string) => ({ ...label(onLabel), ...annotation(onAnnotation) });
const app = (value: string): JsonObject => ({ labels: { app: value } });

const matchApp = [{ matchLabels: { app: "a" } }];
const appExists = [{ matchExpressions: [{ key: "app", operator: "Exists" }] }];
const several = [{ matchLabels: { app: "x" } }, { matchLabels: { app: "a" } }];

interface Row {
  readonly policy: string;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly never?: JsonObject[];
  readonly always?: JsonObject[];
  readonly namespace?: string;
  readonly want: string;
}

const rows: readonly Row[] = [
  { policy: "enabled", want: "policy-enabled" },
  { policy: "disabled", want: "policy-disabled" },
  { policy: "wrong_policy", want: "policy-invalid" },
  { policy: "", want: "policy-invalid" },
  { policy: "enabled", metadata: annotation("true"), want: "annotation-true" },
  { policy: "enabled", metadata: annotation("false"), want: "annotation-false" },
  { policy: "disabled", metadata: annotation("true"), want: "annotation-true" },
  { policy: "disabled", metadata: annotation("false"), want: "annotation-false" },
  { policy: "enabled", metadata: annotation("yes"), want: "policy-enabled" },
  { policy: "enabled", metadata: annotation("on"), want: "policy-enabled" },
  { policy: "disabled", metadata: annotation("yes"), want: "policy-disabled" },
  { policy: "enabled", metadata: annotation("True"), want: "policy-enabled" },
  { policy: "disabled", metadata: annotation("True"), want: "policy-disabled" },
  { policy: "enabled", metadata: label("true"), want: "label-true" },
  { policy: "enabled", metadata: label("false"), want: "label-false" },
  { policy: "disabled", metadata: label("true"), want: "label-true" },
  { policy: "disabled", metadata: label("false"), want: "label-false" },
  { policy: "disabled", metadata: label("random"), want: "policy-disabled" },
  { policy: "enabled", metadata: label("random"), want: "policy-enabled" },
  { policy: "wrong_policy", metadata: label("true"), want: "policy-invalid" },
  { policy: "wrong_policy", metadata: label("false"), want: "policy-invalid" },
  { policy: "disabled", metadata: both("true", "false"), want: "label-true" },
  { policy: "enabled", metadata: both("false", "true"), want: "label-false" },
  { policy: "disabled", metadata: both("", "true"), want: "policy-disabled" },
  { policy: "disabled", metadata: both("random", "true"), want: "policy-disabled" },
  { policy: "enabled", spec: { hostNetwork: true }, want: "host-network" },
  { policy: "enabled", metadata: label("true"), spec: { hostNetwork: true }, want: "host-network" },
  { policy: "enabled", namespace: "kube-system", metadata: label("true"), want: "ignored-namespace" },
  { policy: "enabled", namespace: "kube-public", want: "ignored-namespace" },
  { policy: "enabled", namespace: "kube-node-lease", want: "ignored-namespace" },
  { policy: "enabled", namespace: "local-path-storage", want: "ignored-namespace" },
  { policy: "enabled", namespace: "istio-system", want: "policy-enabled" },
  { policy: "enabled", metadata: app("a"), never: matchApp, want: "never-inject-selector" },
  { policy: "enabled", metadata: app("b"), never: matchApp, want: "policy-enabled" },
  { policy: "enabled", metadata: app("b"), never: appExists, want: "never-inject-selector" },
  { policy: "enabled", metadata: app("a"), never: several, want: "never-inject-selector" },
  { policy: "disabled", metadata: app("a"), always: matchApp, want: "always-inject-selector" },
  { policy: "disabled", metadata: app("b"), always: matchApp, want: "policy-disabled" },
  { policy: "disabled", metadata: app("b"), always: appExists, want: "always-inject-selector" },
  { policy: "enabled", metadata: app("a"), never: matchApp, always: matchApp, want: "never-inject-selector" },
  { policy: "enabled", never: [{}], want: "policy-enabled" },
  { policy: "disabled", always: [{}], want: "policy-disabled" },
  {
    policy: "disabled",
    metadata: app("a"),
    always: [{ matchExpressions: [{ key: "app", operator: "Nonsense" }] }, ...matchApp],
    want: "always-inject-selector",
  },
  {
    policy: "disabled",
    metadata: { ...app("a"), ...annotation("true") },
    never: matchApp,
    want: "annotation-true",
  },
  { policy: "wrong_policy", metadata: app("a"), always: matchApp, want: "policy-invalid" },
];

describe("the decision", () => {
  it.each(rows)("$policy $metadata $spec $namespace $never $always: $want", (row) => {
    const snapshot = compileConfig({
      injectConfig: {
        policy: row.policy,
        neverInjectSelector: row.never ?? [],
        alwaysInjectSelector: row.always ?? [],
        templates: { sidecar: "{}" },
      },
      values: {},
    });
    const pod = { metadata: row.metadata ?? {}, spec: { containers: [{ name: "app" }], ...row.spec } };
    const result = inject(pod, { namespace: row.namespace ?? "test" }, snapshot);
    expect(result.reason).toBe(row.want);
    const injects = /-true$|policy-enabled|always/.test(row.want);
    expect(result.decision).toBe(injects ? "inject" : "skip");
    expect(result.patch.length > 0).toBe(injects);
  });

  it("looks at the pod's own namespace before the request's", () => {
    const snapshot = compileConfig({
      injectConfig: { policy: "enabled", templates: { sidecar: "" } },
      values: {},
    });
    const pod = { metadata: { namespace: "kube-system" }, spec: { containers: [] } };
    expect(inject(pod, { namespace: "mine" }, snapshot).reason).toBe("ignored-namespace");
  });
});
