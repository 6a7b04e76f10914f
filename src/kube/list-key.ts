import { podStructs } from "./pod-schema.js";
import { structSchema } from "./struct-schema.js";

/** A set of plain values: strategic merge tells its items apart by what they are. */
const byContent = ".";

const keys = new Map(
  Object.keys(podStructs).flatMap((name) =>
    (structSchema(name)?.fields ?? []).flatMap(({ jsonName, mergeKey = byContent }) =>
      mergeKey === byContent ? [] : [[jsonName, mergeKey] as const],
    ),
  ),
);

/**
 * The member that tells the items of a list of a pod apart, by the name of the field that holds the list: `containers` go by
 * `name`, `ports` by `containerPort`. It is the list's key in a strategic merge, and one for all lists of a name. Undefined for a
 * list without a key (ADR 0010).
 */
export function listKey(field: string): string | undefined {
  return keys.get(field);
}
