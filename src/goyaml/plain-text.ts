import { resolveScalar } from "./resolve-scalar.js";

/** What ends a scalar, or is refused, or needs a second look: controls (line breaks and tabs too), halves of characters. */
const unfit =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
/** As `unfit`, and what ends a text in double quotes or escapes in it. */
const unfitInDouble =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /["\\\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
/** As `unfit`, and what ends a text in single quotes or escapes in it. */
const unfitInSingle =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /['\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
/** As `unfit`, and what a plain scalar cannot start with, hold or end with. */
const unfitInPlain =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /^[-?:,[\]{}#&*!|>'"%@` ]|^\.\.\.|:(?: |$)| (?:#|$)|[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
const unfitInFlow = /[,?[\]{}]/;

/** Whether a text stands for itself wherever one line of text is read as it is. */
export function isOneLine(text: string): boolean {
  return !unfit.test(text);
}

/** Whether a text stands for itself between double quotes. */
export function isDoubleText(text: string): boolean {
  return !unfitInDouble.test(text);
}

/** Whether a text stands for itself between single quotes. */
export function isSingleText(text: string): boolean {
  return !unfitInSingle.test(text);
}

/**
 * Whether a text without quotes is one plain scalar on one line that means itself: no number, bool or null.
 * Some texts that are, such as `-a`, are not recognised; none is taken that is not.
 */
export function isPlainText(text: string, inFlow: boolean): boolean {
  if (unfitInPlain.test(text) || (inFlow && unfitInFlow.test(text))) return false;
  return resolveScalar(text).type === "string";
}
