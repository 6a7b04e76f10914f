import { InjectionError, inject, readStatus, type Snapshot, uninject } from "../../injection/index.js";
import { type JsonObject, objectsAt, textOrEmpty, textsAt } from "../../json/index.js";

/**
 * What the current configuration would make otherwise in a pod that is injected: its containers and volumes by name, and
 * the images of what is injected. Injection is undone and done again, so the answer is injection's own; other fields are
 * not compared, as the API server and other webhooks complete them.
 *
 * @returns one short sentence for each difference
 *
 * Decided in ADR 0414.
 */
export function compareSidecar(pod: JsonObject, snapshot: Snapshot): readonly string[] {
  const namespace = textOrEmpty(pod, "metadata", "namespace");
  // Whether sidecars are native may depend on the Nodes; the pod's own way is kept where it is not set.
  const native = isNative(pod) ? "true" : "false";
  const current: Snapshot =
    snapshot.nativeSidecars === "auto" ? { ...snapshot, nativeSidecars: native } : snapshot;
  try {
    const bare = uninject(pod, { snapshot: current, context: { namespace } });
    const anew = inject(bare.pod, { namespace }, current).pod;
    return [...compareNames(pod, anew), ...compareImages(pod, anew)];
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    return [`it would be refused now: ${error.message.trimEnd()}`];
  }
}

function isNative(pod: JsonObject): boolean {
  return objectsAt(pod, "spec", "initContainers").some((one) => textOrEmpty(one, "name") === "istio-proxy");
}

function compareNames(before: JsonObject, after: JsonObject): readonly string[] {
  const [old, now] = [before, after].map((pod) => readStatus(textsAt(pod, "metadata", "annotations")));
  if (now === undefined) return ["it would not be injected now"];
  if (old === undefined) return [];
  return (["initContainers", "containers", "volumes"] as const).flatMap((list) => {
    const added = now[list].filter((name) => !old[list].includes(name));
    const removed = old[list].filter((name) => !now[list].includes(name));
    return [
      ...(added.length === 0 ? [] : [`${list} lack ${added.join(", ")}`]),
      ...(removed.length === 0 ? [] : [`${list} hold ${removed.join(", ")}, which are no longer injected`]),
    ];
  });
}

function compareImages(before: JsonObject, after: JsonObject): readonly string[] {
  const status = readStatus(textsAt(after, "metadata", "annotations"));
  const injected = [...(status?.initContainers ?? []), ...(status?.containers ?? [])];
  const old = imagesOf(before);
  const now = imagesOf(after);
  return injected.flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    return was === undefined || is === undefined || was === is
      ? []
      : [`${name} runs ${was}, now it is ${is}`];
  });
}

/** Without the registry: webhooks that point images at a mirror rewrite it. */
function imagesOf(pod: JsonObject): ReadonlyMap<string, string> {
  const containers = [...objectsAt(pod, "spec", "initContainers"), ...objectsAt(pod, "spec", "containers")];
  return new Map(
    containers.map((one) => [textOrEmpty(one, "name"), textOrEmpty(one, "image").replace(/^.*\//, "")]),
  );
}
