import { type Cursor, isBlank, isBreak, isBreakOrEnd } from "./cursor.js";

const pipe = 0x7c;
const hash = 0x23;
const space = 0x20;
const tab = 0x09;

/** What follows `|` or `>`: how the line breaks at the end count, and the indentation when it is given. */
interface Header {
  readonly chomp: "clip" | "strip" | "keep";
  readonly indent: number;
}

/** Reads a block scalar. `parentIndent` is the indentation of the collection it is in, -1 at the top. */
export function scanBlockScalar(cursor: Cursor, parentIndent: number): string {
  const literal = cursor.code() === pipe;
  cursor.at++;
  const { chomp, indent: given } = scanHeader(cursor);
  const wanted = given === 0 ? 0 : Math.max(parentIndent, 0) + given;
  const lead = scanBreaks(cursor, wanted, parentIndent);
  const { indent } = lead;
  let text = "";
  let lastBreak = "";
  let moreBreaks = lead.breaks;
  let afterBlank = false;
  while (cursor.column === indent && cursor.code() !== 0) {
    const startsBlank = isBlank(cursor.code());
    const folds = !literal && !afterBlank && !startsBlank && lastBreak === "\n";
    text += folds ? (moreBreaks === "" ? " " : "") : lastBreak;
    text += moreBreaks;
    afterBlank = startsBlank;
    const start = cursor.at;
    cursor.skipToBreak();
    text += cursor.text.slice(start, cursor.at);
    lastBreak = isBreak(cursor.code()) ? cursor.readBreak() : "";
    moreBreaks = scanBreaks(cursor, indent, parentIndent).breaks;
  }
  if (chomp === "strip") return text;
  return chomp === "keep" ? text + lastBreak + moreBreaks : text + lastBreak;
}

function scanHeader(cursor: Cursor): Header {
  const match = /^(?:([+-])([0-9]?)|([0-9])([+-]?))?/.exec(cursor.text.slice(cursor.at, cursor.at + 2));
  const sign = match?.[1] ?? match?.[4] ?? "";
  const digit = match?.[2] ?? match?.[3] ?? "";
  if (digit === "0") throw cursor.fail("found an indentation indicator equal to 0");
  cursor.at += match?.[0].length ?? 0;
  cursor.skipBlanks();
  if (cursor.code() === hash) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) throw cursor.fail("did not find expected comment or line break");
  if (isBreak(cursor.code())) cursor.readBreak();
  return { chomp: sign === "-" ? "strip" : sign === "+" ? "keep" : "clip", indent: Number(digit) };
}

/** Steps over indentation and empty lines. An indentation of 0 is found out: that of the first line with text. */
function scanBreaks(
  cursor: Cursor,
  wanted: number,
  parentIndent: number,
): { readonly breaks: string; readonly indent: number } {
  let breaks = "";
  let deepest = 0;
  for (;;) {
    while ((wanted === 0 || cursor.column < wanted) && cursor.code() === space) cursor.at++;
    deepest = Math.max(deepest, cursor.column);
    if ((wanted === 0 || cursor.column < wanted) && cursor.code() === tab)
      throw cursor.fail("found a tab character where an indentation space is expected");
    if (!isBreak(cursor.code())) break;
    breaks += cursor.readBreak();
  }
  return { breaks, indent: wanted === 0 ? Math.max(deepest, parentIndent + 1, 1) : wanted };
}
