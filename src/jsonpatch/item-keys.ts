import { isObject, type JsonValue } from "../json/index.js";

/** The members by which Kubernetes tells the items of a list apart, the most telling first. */
const candidates = ["name", "mountPath", "containerPort", "uid", "ip", "topologyKey", "devicePath"];

/** The keys of the items of two lists, in list order. */
export interface ItemKeys {
  readonly before: readonly (string | number)[];
  readonly after: readonly (string | number)[];
}

/**
 * Finds a member that tells the items of both lists apart: each item is an object that has it, as a text or a number, and no
 * two in a list have the same. Undefined when there is none, and then only positions can tell.
 */
export function findItemKeys(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): ItemKeys | undefined {
  for (const candidate of candidates) {
    const keysBefore = keysOf(before, candidate);
    const keysAfter = keysBefore && keysOf(after, candidate);
    if (keysBefore !== undefined && keysAfter !== undefined) return { before: keysBefore, after: keysAfter };
  }
  return undefined;
}

function keysOf(list: readonly JsonValue[], member: string): (string | number)[] | undefined {
  const keys = new Set<string | number>();
  for (const item of list) {
    if (!isObject(item) || !Object.hasOwn(item, member)) return undefined;
    const key = item[member];
    if ((typeof key !== "string" && typeof key !== "number") || keys.has(key)) return undefined;
    keys.add(key);
  }
  return [...keys];
}
