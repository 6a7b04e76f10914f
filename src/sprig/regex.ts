import { type GoFunction, type ParameterType, TypedSlice, type Value } from "../gotemplate/index.js";
import { GoRegexp, groupAt } from "./go-regexp.js";
import { define, type Invocation } from "./invocation.js";
import { RegexpTemplate } from "./regexp-template.js";
import { SprigError } from "./sprig-error.js";

/** The `regex` family. Only `regexMatch` takes a broken expression for one that matches nothing. */
export const regexFunctions: readonly GoFunction[] = [
  define("regexMatch", "pure", ["string", "string"], (call) => {
    try {
      return GoRegexp.compile(call.text(0)).test(call, call.text(1));
    } catch (error) {
      if (error instanceof SprigError && error.code === "syntax") return false;
      throw error;
    }
  }),
  define("mustRegexMatch", "pure", ["string", "string"], (call) => {
    return GoRegexp.compile(call.text(0)).test(call, call.text(1));
  }),
  ...both("regexFindAll", "mustRegexFindAll", ["string", "string", "int"], (regexp, call) => {
    const text = call.text(1);
    const found = regexp.find(call, text, limitOf(call.int(2))).map((match) => groupAt(0, text, match) ?? "");
    return new TypedSlice("[]string", found, found.length === 0);
  }),
  ...both("regexFind", "mustRegexFind", ["string", "string"], (regexp, call) => {
    const text = call.text(1);
    const [match] = regexp.find(call, text, 1);
    return match === undefined ? "" : (groupAt(0, text, match) ?? "");
  }),
  ...both("regexReplaceAll", "mustRegexReplaceAll", ["string", "string", "string"], (regexp, call) => {
    const text = call.text(1);
    const template = new RegexpTemplate(call.text(2));
    return regexp.replace(call, text, (match) => template.expand(regexp, text, match));
  }),
  ...both(
    "regexReplaceAllLiteral",
    "mustRegexReplaceAllLiteral",
    ["string", "string", "string"],
    (regexp, call) => {
      return regexp.replace(call, call.text(1), () => call.text(2));
    },
  ),
  ...both("regexSplit", "mustRegexSplit", ["string", "string", "int"], (regexp, call) => {
    const count = call.int(2);
    const pieces = regexp.split(call, call.text(1), count < 0n ? -1 : Number(count));
    return new TypedSlice("[]string", pieces ?? [], pieces === undefined);
  }),
  define("regexQuoteMeta", "pure", ["string"], (call) => call.text(0).replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
];

/** A function whose plain form panics in Go with a message around the one of the `must` form. */
function both(
  name: string,
  mustName: string,
  parameters: readonly ParameterType[],
  body: (regexp: GoRegexp, call: Invocation) => Value,
): GoFunction[] {
  return [
    define(name, "pure", parameters, (call) => body(mustCompile(call.text(0)), call)),
    define(mustName, "pure", parameters, (call) => body(GoRegexp.compile(call.text(0)), call)),
  ];
}

function mustCompile(source: string): GoRegexp {
  try {
    return GoRegexp.compile(source);
  } catch (cause) {
    if (!(cause instanceof SprigError)) throw cause;
    throw new SprigError("syntax", `regexp: Compile(\`${source}\`): ${cause.message}`, { cause });
  }
}

function limitOf(count: bigint): number {
  return count < 0n ? Infinity : Number(count);
}
