import { readStatus } from "../../injection/index.js";
import { type JsonObject, objectsAt, textOrEmpty, textsAt } from "../../json/index.js";
import { isOwnEntry } from "../webhook-configuration.js";
import { callFailure } from "./call-failure.js";
import { labelCommand } from "./check-namespaces.js";
import { type Finding, fault, fine, notKnown, unread } from "./finding.js";
import type { Installation } from "./installation.js";
import type { ProbeTarget } from "./probe-pod.js";
import type { Reading } from "./reading.js";

/** What became of the pod that was tried in dry run. */
export interface CallReading {
  readonly target: ProbeTarget;
  readonly outcome:
    | { readonly kind: "made"; readonly pod: JsonObject }
    /** The API server refused it, with its own words. */
    | { readonly kind: "refused"; readonly message: string }
    | { readonly kind: "unread"; readonly reading: Exclude<Reading<unknown>, { kind: "read" }> };
}

/** Does the API server reach the injector, and does a pod come back with a sidecar? */
export function checkCall(installation: Installation, reading: CallReading | undefined): readonly Finding[] {
  if (reading === undefined)
    return [
      notKnown("call", {
        object: `revision ${installation.revision}`,
        message: "Not tried: there is no namespace in which a pod would reach the injector.",
        remedy: `Label one: ${labelCommand(installation.revision)}.`,
      }),
    ];
  const { target, outcome } = reading;
  const object = `a pod in namespace ${target.namespace} (dry run)`;
  if (outcome.kind === "unread") return [unread("call", object, outcome.reading)];
  return [
    outcome.kind === "made"
      ? judgePod(object, installation, target, outcome.pod)
      : judgeRefusal(object, installation, outcome.message),
  ];
}

function judgePod(
  object: string,
  { revision }: Installation,
  { ignoresFailure }: ProbeTarget,
  pod: JsonObject,
): Finding {
  const containers = [...objectsAt(pod, "spec", "initContainers"), ...objectsAt(pod, "spec", "containers")];
  const proxied = containers.some((one) => textOrEmpty(one, "name") === "istio-proxy");
  const status = readStatus(textsAt(pod, "metadata", "annotations"));
  if (!proxied && status === undefined)
    return fault("not-injected", {
      object,
      message: ignoresFailure
        ? "It came back without a sidecar. failurePolicy is Ignore, so the API server does not say whether the call failed."
        : "It came back without a sidecar, although it asks for one and the webhook configuration matches.",
      remedy: ignoresFailure
        ? "Set webhook.failurePolicy=Fail in the chart to learn why, and read the injector's log."
        : "Read the injector's log for this request; its answer names the rule. See also matchConditions of the webhook configuration.",
    });
  if (status !== undefined && status.revision !== "" && status.revision !== revision)
    return fault("injected-by-other", {
      object,
      message: `It was injected by revision ${status.revision}, not by ${revision}.`,
      remedy: "Give one of the two injectors another revision, or remove one.",
    });
  return fine("call", {
    object,
    message: "The API server reaches the injector, and the pod gets its sidecar.",
  });
}

function judgeRefusal(object: string, installation: Installation, message: string): Finding {
  const entry = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  if (entry !== undefined) {
    if (!isOwn(installation, entry)) return refused(object, message);
    const { code, remedy } = callFailure(message, installation);
    return fault(code, { object, message: `The call of the injector failed: ${message}`, remedy });
  }
  const denier = /admission webhook "([^"]+)" denied the request/.exec(message)?.[1];
  if (denier !== undefined && isOwn(installation, denier))
    return fault("injection-refused", {
      object,
      message: `The injector answers, but refuses the pod: ${message}`,
      remedy: "Correct the configuration; pillion explain says more about one pod.",
    });
  return refused(object, message);
}

function isOwn({ configurations, own }: Installation, entry: string): boolean {
  return configurations.some(({ entries }) =>
    entries.some((one) => one.name === entry && isOwnEntry(one, own)),
  );
}

function refused(object: string, message: string): Finding {
  return fault("pod-refused", {
    object,
    message: `Something else refuses the pod, so the injector is not proven: ${message}`,
    remedy:
      "Try another namespace with --namespace. If it speaks of PodSecurity, pods with a sidecar need istio-cni there.",
  });
}
