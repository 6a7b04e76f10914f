import { GoTemplateError } from "./go-template-error.js";
import { LimitExceeded } from "./limit-exceeded.js";

/** Whether an error means that a bound was passed, and not that a function has failed. */
export function isLimit(error: unknown): error is Error {
  if (error instanceof LimitExceeded) return true;
  if (error instanceof GoTemplateError) return error.code === "limit";
  return error instanceof RangeError && error.message.includes("call stack");
}
