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
