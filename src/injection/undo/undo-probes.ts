import {
  isObject,
  type JsonObject,
  type JsonValue,
  objectAt,
  textAt,
  withKey,
  withKeyReplaced,
} from "../../json/index.js";
import { hookUrlEnds, probeUrlEnds } from "../finish/prober-url.js";

const kinds = ["httpGet", "tcpSocket", "grpc"] as const;

/** Reads the sidecar's table of probeUrlEnds, from URL to prober. Undefined when it is no JSON object. */
export function readProberTable(text: string): JsonObject | undefined {
  try {
    const tree: JsonValue = JSON.parse(text);
    return isObject(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A container whose probes and hooks ask for themselves again. `table` is the sidecar's; `lost` hears of every handler
 * that was rewritten and is not in it.
 */
export function undoProbes(
  container: JsonObject,
  table: JsonObject,
  lost: (field: string) => void,
): JsonObject {
  const name = textAt(container, "name") ?? "";
  let result = container;
  for (const [field, end] of probeUrlEnds) {
    const probe = objectAt(result, field);
    if (probe === undefined) continue;
    result = withKey(
      result,
      field,
      undoHandler(probe, `/app-health/${name}/${end}`, table, () => lost(field)),
    );
  }
  const lifecycle = objectAt(result, "lifecycle");
  if (lifecycle === undefined) return result;
  let changed = lifecycle;
  for (const [field, end] of hookUrlEnds) {
    const hook = objectAt(changed, field);
    if (hook === undefined) continue;
    changed = withKey(
      changed,
      field,
      undoHandler(hook, `/app-lifecycle/${name}/${end}`, table, () => lost(field)),
    );
  }
  return changed === lifecycle ? result : withKey(result, "lifecycle", changed);
}

/** A handler is the injector's when its path is the one that the injector writes for this container. */
function undoHandler(handler: JsonObject, url: string, table: JsonObject, lost: () => void): JsonObject {
  const request = objectAt(handler, "httpGet");
  if (request === undefined || textAt(request, "path") !== url) return handler;
  const prober = objectAt(table, url);
  const kind = kinds.find((one) => objectAt(prober, one) !== undefined);
  const original = kind === undefined ? undefined : objectAt(prober, kind);
  if (kind === undefined || original === undefined) {
    lost();
    return handler;
  }
  if (kind === "httpGet") return withKey(handler, "httpGet", inOrderOf(request, original));
  const { service, ...rest } = original;
  return withKeyReplaced(
    handler,
    "httpGet",
    kind,
    service === undefined || service === null ? rest : { ...rest, service },
  );
}

/** The original with its keys in the order that the rewritten request has kept from it. */
function inOrderOf(rewritten: JsonObject, original: JsonObject): JsonObject {
  const kept = Object.entries(rewritten).flatMap(([key]) =>
    Object.hasOwn(original, key) ? [[key, original[key] ?? null]] : [],
  );
  return { ...Object.fromEntries(kept), ...original };
}
