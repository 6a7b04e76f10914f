import type { JsonValue } from "../../json/index.js";

/** How a string is quoted where it cannot stand plain. */
export type Quote = "single" | "double";

/**
 * Words that some YAML reader takes for something other than text: YAML 1.1 knows more booleans than YAML 1.2,
 * and kubectl reads YAML 1.1.
 */
const reserved = new Set(
  ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "nan", "inf", "=", "<<"].flatMap(
    (word) => [word, word.toUpperCase(), word[0]?.toUpperCase() + word.slice(1)],
  ),
);

const plainText =
  /^(?!- )[A-Za-z0-9_./$()+=^-](?:[A-Za-z0-9_./:@%+=,()$~^*!?&;<>-]|(?<!:) (?=[A-Za-z0-9_./$()+=]))*$/;
/**
 * What some reader may take for a number: even `._` and `e1` are floats to one. In text that begins like a number, only
 * the quantities and durations of Kubernetes are surely none.
 */
const numberLike = /^[-+._]*[0-9]|^[-+._]*([eE][-+._]*[0-9][-+._0-9]*)?$/;
const surelyText = /^[0-9]+(?:m|k|M|G|T|Ki|Mi|Gi|Ti|s|h)$/;

/** Whether every YAML reader takes the text, written as it is, for this very string. */
export function standsPlain(text: string, flow: boolean): boolean {
  if (!plainText.test(text) || text.endsWith(":") || reserved.has(text)) return false;
  if (numberLike.test(text) && !surelyText.test(text)) return false;
  if (/^[-+.=?]+$/.test(text) || text.startsWith("---") || text.startsWith("...")) return false;
  return !(flow && /[,]|^[-?:]/.test(text));
}

/** Characters that may stand in a quoted or literal string as they are, on one line. */
const printable = /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;
const notPrintable = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A string in double quotes, as JSON writes it but with every character escaped that YAML does not print. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    notPrintable,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A string on one line: plain where it is safe, else in the quotes that need the fewest escapes. */
export function inlineString(text: string, quote: Quote, flow: boolean): string {
  if (standsPlain(text, flow)) return text;
  return quotedString(text, quote);
}

/** A string in quotes: the ones asked for unless they would need escapes. */
export function quotedString(text: string, quote: Quote): string {
  const single = printable.test(text);
  if (single && (/["\\]/.test(text) || (quote === "single" && !text.includes("'"))))
    return `'${text.replaceAll("'", "''")}'`;
  return doubleQuoted(text);
}

/** Whether a text of several lines can stand in a literal block: no escapes, and no spaces that a reader would take away. */
export function standsLiteral(text: string): boolean {
  return (
    /\n./.test(text) &&
    !/^[ \n]|[ \t]\n|[ \t]$|\n\n$/.test(text) &&
    text.split("\n").every((line) => printable.test(line))
  );
}

/** A number, a boolean or null. */
export function inlineAtom(value: Exclude<JsonValue, string | object> | null): string {
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
