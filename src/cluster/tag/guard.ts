import { getOwn, isObject, type JsonObject } from "../../json/index.js";
import type { WebhookConfiguration } from "../webhook-configuration.js";
import { editEntries } from "./edit-entries.js";

/** The name of the match condition that stands in entries only while the default is handed over. */
const guardName = "pillion.dev/handover";

/**
 * While two injectors are active for the default, the one that the API server calls second has a guard: a match condition
 * by which it is not called for a pod that the first has just injected. The API server evaluates it on the pod as earlier
 * webhooks left it, and the injector writes its revision into the pod's status (docs/behaviour.md#status-annotation).
 *
 * @param revision of the injector that is called first
 *
 * Decided in ADR 0410.
 */
export function withGuard(source: JsonObject, revision: string): JsonObject {
  const guard = { name: guardName, expression: guardExpression(revision) };
  return editEntries(source, (entry) => ({ ...entry, matchConditions: [...otherConditions(entry), guard] }));
}

/** The configuration without guard. */
export function withoutGuard(source: JsonObject): JsonObject {
  return editEntries(source, (entry) => {
    const { matchConditions: _all, ...rest } = entry;
    const conditions = otherConditions(entry);
    return conditions.length === 0 ? rest : { ...rest, matchConditions: conditions };
  });
}

/** Whether some entry has a guard; where a revision is given, whether each has the guard against that revision. */
export function isGuarded({ entries }: WebhookConfiguration, revision?: string): boolean {
  if (revision === undefined) return entries.some(({ source }) => guardOf(source) !== undefined);
  return entries.every(({ source }) => guardOf(source) === guardExpression(revision));
}

function guardExpression(revision: string): string {
  const status = "object.metadata.annotations['sidecar.istio.io/status']";
  return (
    "!has(object.metadata.annotations) || !('sidecar.istio.io/status' in object.metadata.annotations) || " +
    `!${status}.contains('"revision":"${revision}"')`
  );
}

function conditionsOf(entry: JsonObject): readonly JsonObject[] {
  const conditions = getOwn(entry, "matchConditions");
  return Array.isArray(conditions) ? conditions.filter(isObject) : [];
}

function guardOf(entry: JsonObject): unknown {
  return conditionsOf(entry).find(({ name }) => name === guardName)?.expression;
}

function otherConditions(entry: JsonObject): JsonObject[] {
  return conditionsOf(entry).filter(({ name }) => name !== guardName);
}
