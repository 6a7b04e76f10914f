import type { JsonObject } from "../../json/index.js";
import { callersOf, type NamespaceFacts } from "./callers.js";
import type { Installation } from "./installation.js";

/** Where a pod can be tried, and with which labels it reaches the injector. */
export interface ProbeTarget {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether some entry that takes the pod lets it pass when the call fails. */
  readonly ignoresFailure: boolean;
}

// The injector itself leaves these alone (docs/behaviour.md#decision), whatever their labels.
const ignored = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];
const asked = { "sidecar.istio.io/inject": "true" };

/**
 * Namespaces in which a pod reaches the injector: injected ones first, then ones without labels, in which a pod reaches it
 * by naming the revision. The pod asks for injection, so that no policy or selector of the configuration stands between.
 */
export function probeTargets(
  installation: Installation,
  namespaces: readonly NamespaceFacts[],
): readonly ProbeTarget[] {
  const usable = namespaces.filter(({ name }) => !ignored.includes(name)).sort(byUse);
  const named = { ...asked, "istio.io/rev": installation.revision };
  return [asked, named].flatMap((labels) =>
    usable.flatMap((namespace) => {
      const callers = callersOf(installation, namespace, labels);
      if (callers.length === 0) return [];
      const ignoresFailure = callers.some(({ failurePolicy }) => failurePolicy === "Ignore");
      return [{ namespace: namespace.name, labels, ignoresFailure }];
    }),
  );
}

/** `default` first: it is there, and nobody guards it. */
function byUse(a: NamespaceFacts, b: NamespaceFacts): number {
  const rank = ({ name }: NamespaceFacts) => (name === "default" ? 0 : 1);
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}

/** A pod that the strictest namespace takes. It is sent in dry run, so nothing of it is ever made. */
export function probePod({ namespace, labels }: ProbeTarget): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { generateName: "pillion-check-", namespace, labels: { ...labels } },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "app",
          image: "pause:3.10",
          resources: { requests: { cpu: "1m", memory: "8Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}
