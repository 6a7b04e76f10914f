import type { Snapshot } from "../../injection/index.js";
import { command, type Finding, fault, fine, unread } from "./finding.js";
import type { Unread } from "./reading.js";

/** The injector's configuration as it stands in the cluster, or why it is not known. */
export type ConfigurationReading =
  | {
      readonly kind: "read";
      readonly title: string;
      readonly snapshot: Snapshot;
      /** The last change of its ConfigMaps, in milliseconds since 1970. */
      readonly changedAt: number;
    }
  | { readonly kind: "missing" | "invalid"; readonly title: string; readonly message: string }
  | { readonly kind: "unread"; readonly title: string; readonly unread: Unread };

/** Could the injector start with its configuration? It keeps the last good one, so a fault shows only when it restarts. */
export function checkConfiguration(configuration: ConfigurationReading): readonly Finding[] {
  const object = configuration.title;
  if (configuration.kind === "unread") return [unread("configuration", object, configuration.unread)];
  if (configuration.kind === "read") return [judgePolicy(object, configuration.snapshot.policy)];
  return [
    fault(configuration.kind === "missing" ? "configuration-missing" : "configuration-invalid", {
      object,
      message: `${configuration.message.replace(/\.$/, "")}.`,
      remedy: `Correct it; this says more: ${command("kubectl get configmap -n NAMESPACE NAME -o yaml | pillion validate-config --configmap-file -")}.`,
    }),
  ];
}

function judgePolicy(object: string, policy: string): Finding {
  if (policy === "enabled") return fine("configuration", { object, message: "The injector can use it." });
  if (policy === "disabled")
    return fine("configuration", {
      object,
      message: "The injector can use it. Its policy is disabled: only pods that ask for it are injected.",
    });
  return fault("policy-invalid", {
    object,
    message: `Its policy is ${policy === "" ? "missing" : JSON.stringify(policy)}, so nothing is injected.`,
    remedy: "Set policy: enabled in the inject config.",
  });
}
