import { getOwn, isObject, type JsonObject } from "../../json/index.js";

/**
 * The newest known state of some objects, put together from a watch, from lists and from the answers to writes, which
 * overtake each other: a watch may still tell of what was before a write.
 */
export class NewestObjects {
  #objects: ReadonlyMap<string, JsonObject> = new Map();
  #upTo = "";

  /** The objects in the order of their names. */
  get all(): readonly JsonObject[] {
    return [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Takes a state of all objects as of a version. One that is older than the last is passed over. */
  merge(objects: readonly JsonObject[], upTo: string): void {
    if (isOlder(upTo, this.#upTo)) return;
    this.#upTo = upTo;
    const known = this.#objects;
    const next = new Map<string, JsonObject>();
    // What was written after this state, and is therefore not in it.
    for (const [name, object] of known) if (isOlder(upTo, versionOf(object))) next.set(name, object);
    for (const object of objects) {
      const name = nameOf(object);
      const before = known.get(name);
      next.set(name, before !== undefined && isOlder(versionOf(object), versionOf(before)) ? before : object);
    }
    this.#objects = next;
  }

  /** Takes one object, as the answer to a write. */
  put(object: JsonObject): void {
    const before = this.#objects.get(nameOf(object));
    if (before !== undefined && isOlder(versionOf(object), versionOf(before))) return;
    this.#objects = new Map([...this.#objects, [nameOf(object), object]]);
  }
}

/** Versions of one API server are numbers that grow; where they are not, what came last counts. */
function isOlder(version: string, than: string): boolean {
  const digits = /^\d{1,30}$/;
  return digits.test(version) && digits.test(than) && BigInt(version) < BigInt(than);
}

/** The name of an object; empty when it has none. */
export function nameOf(object: JsonObject): string {
  return metadataText(object, "name");
}

/** The resourceVersion of an object; empty when it has none. */
export function versionOf(object: JsonObject): string {
  return metadataText(object, "resourceVersion");
}

function metadataText(object: JsonObject, key: string): string {
  const metadata = getOwn(object, "metadata");
  const value = isObject(metadata) ? getOwn(metadata, key) : undefined;
  return typeof value === "string" ? value : "";
}
