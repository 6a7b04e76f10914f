import { LimitExceeded } from "./limit-exceeded.js";

// A text longer than this is a template gone wrong. Without a bound, lists that hold one another
// twice each, or a variable printed twice into itself, make texts exponentially longer than the template.
const maxLength = 4 * 1024 * 1024;

/** Throws LimitExceeded when a text that a function makes or takes would be too long. */
export function checkTextLength(length: number): void {
  if (length > maxLength) throw new LimitExceeded(`a text is longer than ${maxLength} characters`);
}
