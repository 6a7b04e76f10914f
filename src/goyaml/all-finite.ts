import type { JsonValue } from "../json/index.js";

/** Whether all numbers of a tree are numbers that JSON has. */
export function isAllFinite(value: JsonValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isAllFinite);
}
