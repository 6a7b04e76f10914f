import { oneOf, type Random, randomText } from "../../equivalence/random-texts.js";
import { type JsonObject, type JsonValue, setOwn } from "../../../src/json/index.js";

/** Names that objects have without being given them, and names that libraries look for. */
export const inheritedNames: readonly string[] = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "toLocaleString"],
  ...["isPrototypeOf", "__defineGetter__", "__lookupSetter__", "propertyIsEnumerable"],
  ...["length", "then", "toJSON", "inspect", "name", "get", "set", "0", "-0", "2147483648", "4294967295"],
];

const numbers: readonly string[] = [
  ...[
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e3",
    "1E-7",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483649",
  ],
  ...["4294967296", "9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808"],
  ...["-9223372036854775809", "18446744073709551616", "1e308", "1e309", "-1e400", "1e-400", "5e-324"],
  ...["123456789012345678901234567890", "0.1234567890123456789", "1e18446744073709551616"],
];

const fragments: readonly string[] = [
  ...["a", "b1", "A", "é", "漢", "😀", "\ud800", "\udfff", "\u0000", "\u0007", "\u001b", "\u007f", "\u0085"],
  ...["\u200b", "\u2028", "\u2029", "\ufeff", "\ufffd", "\uffff", " ", "\t", "\n", "\r", "\r\n", "\u3000"],
  ...['"', "'", "`", "\\", "/", "//", ":", ": ", ",", ";", "#", " #", "&", "&a ", "*a", "!", "!!", "|", ">"],
  ...[
    "%",
    "%00",
    "%2e",
    "@",
    "{",
    "}",
    "{}",
    "[",
    "]",
    "[]",
    "{{",
    "}}",
    "{{ . }}",
    "$",
    "$(A)",
    "$" + "{A}",
  ],
  ...["- ", "-", "--", "---\n", "...\n", "? ", "<<: ", "~", "null", "true", "yes", "0", "08", "0x1", "1e9"],
  ...["=", "==", "<", "<script>", "..", "../", "*", "**", "?", "^", "(", ")", "(a+)+$", ".*", "\\u0000"],
  ...["1.2.3.4", "::1", "/24", "/129", "10.0.0.0/8", "80", "65536", "100m", "1Ki", "1h", "9999999h", "istio"],
];

const ends: readonly string[] = ["", "", "", " ", "\n", "x", '"', "\\", "}", "]", "\u0000"];

/** A text that a reader may trip over. */
export function hostileText(random: Random): string {
  const chance = random();
  if (chance < 0.2) return randomText(random, "text", "wild");
  if (chance < 0.3) return oneOf(random, inheritedNames);
  if (chance < 0.4) return oneOf(random, numbers);
  if (chance < 0.45) return longText(random);
  const parts = Array.from({ length: 1 + Math.floor(random() * 6) }, () => oneOf(random, fragments));
  return parts.join("") + oneOf(random, ends);
}

/** A text of one part again and again: seldom very long. */
function longText(random: Random): string {
  const length = 2 ** (4 + Math.floor(random() * (random() < 0.05 ? 12 : 7)));
  const part = oneOf(random, fragments);
  return part.repeat(Math.ceil(length / part.length)) + oneOf(random, ends);
}

const mark = "\u0001number ";

/** A value of any type, most of them where none of that type belongs. */
export function hostileValue(random: Random, depth = 0): JsonValue {
  const chance = random();
  if (chance < 0.35) return hostileText(random);
  if (chance < 0.55) return mark + oneOf(random, numbers);
  if (chance < 0.68) return oneOf<JsonValue>(random, [null, true, false, "", [], {}]);
  if (chance < 0.72) return nested(random);
  if (depth > 3) return null;
  const count = Math.floor(random() * (random() < 0.03 ? 60 : 4));
  if (chance < 0.85) return Array.from({ length: count }, () => hostileValue(random, depth + 1));
  return hostileObject(random, count, depth + 1);
}

function hostileObject(random: Random, count: number, depth: number): JsonObject {
  const object: JsonObject = {};
  for (let left = count; left > 0; left--) {
    const key = random() < 0.4 ? oneOf(random, inheritedNames) : hostileText(random);
    setOwn(object, key, hostileValue(random, depth));
  }
  return object;
}

/** Lists and objects in each other: mostly a few, sometimes more than are taken. */
function nested(random: Random): JsonValue {
  let value: JsonValue = "x";
  for (let left = Math.floor(random() * (random() < 0.2 ? 400 : 12)); left > 0; left--)
    value = random() < 0.5 ? [value] : { [oneOf(random, ["a", "name", "items", "metadata"])]: value };
  return value;
}

const numberInText = /"\\u0001number (-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)"/g;

/** The JSON of a tree in which numbers are as {@link hostileValue} has them: some are none that JavaScript could hold. */
export function jsonOf(tree: JsonValue): string {
  return JSON.stringify(tree).replace(numberInText, "$1");
}
