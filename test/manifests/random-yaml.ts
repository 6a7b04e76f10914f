import fc from "fast-check";
import { isObject, type JsonValue } from "../../src/json/index.js";

/** Strings that YAML readers like to take for something else, and plain ones. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("app", "web", "x1", "a-b", "v1", "some words", "http://h:80/p") },
  fc.constantFrom(
    "",
    "yes",
    "on",
    "null",
    "~",
    "1",
    "0x1f",
    "1:30",
    "a: b",
    "# no",
    "- x",
    "it's",
    'say "x"',
    "é",
    "\ttab",
    "two\nlines",
    "end\n",
    "{{ x }}",
    "*a",
    "&a",
    "!x",
    "%d",
    "@x",
    "`",
    "a #b",
    "2001-01-01",
    "<<",
    "=",
    "\u2028",
    "😀",
    "a:",
    ":a",
    "?",
    "-",
    "--- x",
    "[",
    "]x",
    "{",
    ",",
    " lead",
    "trail ",
  ),
  fc.string({ maxLength: 8, unit: "grapheme" }),
);
const key = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("name", "image", "args", "spec", "metadata", "labels", "k1", "k2"),
  },
  text,
);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.integer({ min: -3, max: 9999 }),
  fc.boolean(),
  fc.constant(null),
);

/** A tree such as manifests hold. */
export const tree: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue; map: JsonValue; list: JsonValue }>(
  (tie) => ({
    node: fc.oneof({ maxDepth: 4, depthSize: "small" }, scalar, tie("map"), tie("list")),
    map: fc.dictionary(key, tie("node"), { maxKeys: 4, noNullPrototype: true }),
    list: fc.array(tie("node"), { maxLength: 4 }),
  }),
).map;

/** Draws decisions of style from a list of numbers. */
export class Dice {
  private at = 0;
  constructor(private readonly numbers: readonly number[]) {}
  roll(sides: number): number {
    const value = this.numbers[this.at++ % Math.max(1, this.numbers.length)] ?? 0;
    return (value + this.at) % sides;
  }
}

export const dice = fc.array(fc.nat(1000), { minLength: 20, maxLength: 60 });

/** Writes a tree as people do: with comments, blank lines, all styles of quotes and collections. */
export function writeOddly(value: JsonValue, die: Dice): string {
  const newline = die.roll(4) === 0 ? "\r\n" : "\n";
  const lines = isBlock(value) ? block(value, 0, die) : [inline(value, die)];
  const start = die.roll(3) === 0 ? ["# head", "---"] : die.roll(3) === 0 ? ["# head"] : [];
  return [...start, ...lines].join(newline) + (die.roll(5) === 0 ? "" : newline);
}

function isBlock(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

function inline(value: JsonValue, die: Dice): string {
  if (typeof value === "string") {
    if (
      /^[a-z][a-z-]*[a-z]$/.test(value) &&
      !/^(yes|no|on|off|null|true|false|y|n)$/.test(value) &&
      die.roll(3) > 0
    )
      return value;
    if (/^[\x20-\x7e]*$/.test(value) && die.roll(2) === 0) return `'${value.replaceAll("'", "''")}'`;
    return JSON.stringify(value)
      .replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .replace(/\\ud[89ab]..\\ud[c-f]../g, (pair) => JSON.parse(`"${pair}"`) as string);
  }
  const pad = die.roll(3) === 0 ? " " : "";
  if (Array.isArray(value))
    return `[${pad}${value.map((item) => inline(item, die)).join(die.roll(2) === 0 ? ", " : " , ")}${pad}]`;
  if (isObject(value))
    return `{${pad}${Object.entries(value)
      .map(([k, v]) => `${JSON.stringify(k)}: ${inline(v, die)}`)
      .join(", ")}${pad}}`;
  return value === null ? (die.roll(2) === 0 ? "null" : "~") : String(value);
}

function comments(indent: number, die: Dice): string[] {
  const kind = die.roll(7);
  if (kind === 0) return [`${" ".repeat(indent)}# note ${die.roll(9)}`];
  if (kind === 1) return [""];
  return kind === 2 ? ["", `${" ".repeat(die.roll(4))}# odd`] : [];
}

function block(value: JsonValue, column: number, die: Dice): string[] {
  const pad = " ".repeat(column);
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const before = comments(column, die);
      if (!isBlock(item) || die.roll(4) === 0) return [...before, ...leaf(`${pad}-`, item, column, die)];
      const [first = "", ...rest] = block(item, column + 2, die);
      if (!/^ *#|^$/.test(first) && die.roll(4) > 0)
        return [...before, `${pad}- ${first.slice(column + 2)}`, ...rest];
      return [...before, `${pad}-${die.roll(3) === 0 ? " # dash" : ""}`, first, ...rest];
    });
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([k, item]) => {
    const before = comments(column, die);
    const head = `${pad}${inline(k, die)}:`;
    if (!isBlock(item) || die.roll(4) === 0) return [...before, ...leaf(head, item, column, die)];
    const step = Array.isArray(item) ? die.roll(3) : 1 + die.roll(4);
    return [...before, head + (die.roll(5) === 0 ? "  # after" : ""), ...block(item, column + step, die)];
  });
}

function leaf(head: string, value: JsonValue, column: number, die: Dice): string[] {
  if (value === null && die.roll(3) === 0) return [head];
  if (typeof value === "string" && /^[a-z]+\n[a-z]+\n?$/.test(value) && die.roll(2) === 0) {
    const body = value
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => `${" ".repeat(column + 3)}${line}`);
    return [`${head} |${value.endsWith("\n") ? "" : "-"}`, ...body];
  }
  return [`${head} ${inline(value, die)}${die.roll(5) === 0 ? " # tail" : ""}`];
}
