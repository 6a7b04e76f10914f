import { reviewOf } from "../support/admission-review.js";
import { draftPod } from "./pod-draft.js";

/** The body of a request that no tree of values can be written as: the text of the JSON itself is hostile. */
export interface Body {
  readonly name: string;
  /** A body of about so many bytes. */
  readonly make: (size: number) => Uint8Array;
}

const mark = '"put it here"';
const [before = "", after = ""] = reviewOf(
  draftPod(({ spec }) => {
    spec.nobodyKnows = "put it here";
  }),
).split(mark);

function text(name: string, make: (size: number) => string): Body {
  return { name, make: (size) => Buffer.from(make(size)) };
}

/** JSON in the place of a value of the pod. */
function inPod(name: string, json: (size: number) => string): Body {
  return text(name, (size) => before + json(size) + after);
}

function nested(open: string, inside: string, close: string): (size: number) => string {
  return (size) => {
    const depth = Math.ceil(size / (open.length + close.length));
    return open.repeat(depth) + inside + close.repeat(depth);
  };
}

function listed(open: string, part: string, close: string): (size: number) => string {
  return (size) => open + part.repeat(Math.ceil(size / part.length)) + close;
}

/** A digit in many: a number that no double holds makes the whole review take the exact way of reading. */
const exact = '{"exact":12345678901234567890,"a":';

const values: readonly (readonly [string, (size: number) => string])[] = [
  ["lists in each other", nested("[", "1", "]")],
  ["objects in each other", nested('{"a":', "1", "}")],
  ["opened lists", listed("", "[", "")],
  ["opened objects", listed("", '{"a":', "")],
  ["a long whole number", listed("", "1", "")],
  ["a long fraction", listed("0.", "1", "")],
  ["zeros before a number", listed("", "0", "1")],
  ["a long exponent", listed("1e", "9", "")],
  ["long numbers in a list", listed("[", "12345678901234567890,", "1]")],
  ["exponents in a list", listed("[", "1e400,", "1]")],
  ["one key often", listed("{", '"a":1,', '"a":1}')],
  ["__proto__ often", listed("{", '"__proto__":{},', '"a":1}')],
  ["empty objects", listed("[", "{},", "{}]")],
  ["nulls", listed("[", "null,", "null]")],
  ["blanks", listed("", " ", "1")],
  ["newlines", listed("", "\n", "1")],
  ["a string of backslashes", listed('"', "\\\\", '"')],
  ["a string of escaped quotes", listed('"', '\\"', '"')],
  ["a string of escaped surrogates", listed('"', "\\ud83d\\ude00", '"')],
  ["a string of escaped lone surrogates", listed('"', "\\ud83d", '"')],
  ["a string that does not end", listed('"', "a", "")],
  ["a string that ends in a backslash", listed('"', "\\\\", "\\")],
  ["a string of letters beyond ASCII", listed('"', "é😀", '"')],
  ["quotes", listed("", '"', "")],
  ["minus signs", listed("", "-", "1")],
  ["commas", listed("[", ",", "]")],
  ["colons", listed("{", ":", "}")],
];

/** Bytes that are no UTF-8 as a string. */
function invalidBytes(size: number): Uint8Array {
  const bytes = Buffer.alloc(size, 0xff);
  return Buffer.concat([Buffer.from(`${before}"`), bytes, Buffer.from(`"${after}`)]);
}

/** All hostile bodies: each shape of JSON in a pod that is read quickly, in one that is read exactly, and alone. */
export const bodies: readonly Body[] = [
  ...values.map(([name, make]) => inPod(name, make)),
  ...values.map(([name, make]) => inPod(`${name}, beside a long number`, (size) => `${exact}${make(size)}}`)),
  ...values.map(([name, make]) => text(`${name}, alone`, make)),
  { name: "bytes that are no UTF-8", make: invalidBytes },
  text("a review, then blanks", (size) => `${before}1${after}${" ".repeat(size)}`),
  text("a review, then zero bytes", (size) => `${before}1${after}${"\u0000".repeat(size)}`),
];
