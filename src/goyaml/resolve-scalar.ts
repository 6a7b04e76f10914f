import { readGoNumber } from "./go-number.js";

/** YAML 1.1's types of scalars. */
export type ScalarType = "string" | "bool" | "null" | "int" | "float";

/** What a scalar means. An infinite or undefined number is a value here; JSON has none. */
export interface Resolved {
  readonly type: ScalarType;
  readonly value: string | number | bigint | boolean | null;
}

const words = new Map<string, Resolved>();
function define(type: ScalarType, value: boolean | null | number, texts: string): void {
  for (const text of texts.split(" ")) words.set(text, { type, value });
}
define("bool", true, "y Y yes Yes YES true True TRUE on On ON");
define("bool", false, "n N no No NO false False FALSE off Off OFF");
define("null", null, "~ null Null NULL");
words.set("", { type: "null", value: null });
define("float", Number.NaN, ".nan .NaN .NAN");
define("float", Number.POSITIVE_INFINITY, ".inf .Inf .INF +.inf +.Inf +.INF");
define("float", Number.NEGATIVE_INFINITY, "-.inf -.Inf -.INF");

/** No word is longer, so longer texts need not be looked up. */
const longestWord = 5;

/** What a plain scalar without a tag means, as go-yaml resolves it: YAML 1.1, but no sexagesimals, and dates stay texts. */
export function resolveScalar(text: string): Resolved {
  if (text.length <= longestWord) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  // A digit, a sign or a point.
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e) {
    const number = readGoNumber(text);
    if (number !== undefined) return { type: number.float ? "float" : "int", value: number.value };
  }
  return { type: "string", value: text };
}
