import type { JsonValue } from "./json-value.js";

/** The value of an object's own key; undefined when it has none, also for names like `constructor`. */
export function getOwn<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Writes an own key. `__proto__` becomes a plain entry, never the prototype. */
export function setOwn<T = JsonValue>(object: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

const empty = {};

/**
 * A new object with the entries of both; where both have a key, the first says its place and the second its value.
 * A spread that comes first gives the object the hidden class of its source. In Node 20 that class keeps no transitions, so each
 * object that grows from it gets another class of its own, which is slow to make and slow to read ever after. Hence the
 * empty object in front.
 */
export function joined<T = JsonValue>(
  first: Readonly<Record<string, T>>,
  second: Readonly<Record<string, T>>,
): Record<string, T> {
  return { ...empty, ...first, ...second };
}
