import type { RequestBudget } from "./request-budget.js";

/** The object that a pod belongs to, as the templates see it. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** What one call of `inject` is told beside the pod and the snapshot. */
export interface InjectionContext {
  /** The namespace of the request; it counts when the pod names none. */
  readonly namespace?: string;
  /** Environment overrides from the URL path, such as ISTIO_META_CLUSTER_ID and ISTIO_META_NETWORK. */
  readonly pathVariables?: ReadonlyMap<string, string>;
  /** The owner, where the caller knows it (offline). Otherwise it is found from the pod. */
  readonly owner?: Owner;
  /** Milliseconds since 1970. The default is Date.now. */
  readonly now?: () => number;
  /** A number in [0, 1). The default is Math.random. */
  readonly random?: () => number;
  /** When `now()` passes this, the injection fails with `deadline-exceeded`. Milliseconds since 1970. A budget has its own. */
  readonly deadline?: number | undefined;
  /** What the injection, and the patch of its result, may cost. The default has no limits but the deadline. */
  readonly budget?: RequestBudget | undefined;
  /** Is told of every template that is rendered, in which way. */
  readonly onRender?: ((path: RenderPath) => void) | undefined;
}

/** How a template was rendered: by a recording, by itself and then recorded, or by itself alone. */
export type RenderPath = "fast" | "recorded" | "slow";
