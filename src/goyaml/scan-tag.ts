import { excerpt } from "../text/index.js";
import { type Cursor, isBlankOrEnd, isBreak, isBreakOrEnd, isWord } from "./cursor.js";

const exclamation = 0x21;
const percent = 0x25;
const uriPunctuation = new Set([..."!;/?:@&=+$.~*'(),[]"].map((char) => char.charCodeAt(0)));

/** A tag as it is written: the handle (`!`, `!!`, `!e!`, "" for a whole tag) and what follows it. */
export interface ScannedTag {
  readonly handle: string;
  readonly suffix: string;
}

/** Reads a tag: `!suffix`, `!handle!suffix` or `!<whole tag>`. */
export function scanTag(cursor: Cursor): ScannedTag {
  const tag = cursor.code(1) === 0x3c ? scanVerbatim(cursor) : scanShorthand(cursor);
  if (!isBlankOrEnd(cursor.code()))
    throw cursor.fail("did not find expected whitespace or line break after a tag");
  return tag;
}

function scanVerbatim(cursor: Cursor): ScannedTag {
  cursor.at += 2;
  const suffix = scanUri(cursor, "");
  if (cursor.code() !== 0x3e) throw cursor.fail("did not find the expected '>' of a tag");
  cursor.at++;
  return { handle: "", suffix };
}

function scanShorthand(cursor: Cursor): ScannedTag {
  const head = scanHandle(cursor);
  if (head.length > 1 && head.endsWith("!")) return { handle: head, suffix: scanUri(cursor, "") };
  const suffix = scanUri(cursor, head.slice(1), true);
  return suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
}

function scanHandle(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at++;
  while (isWord(cursor.code())) cursor.at++;
  if (cursor.code() === exclamation) cursor.at++;
  return cursor.text.slice(start, cursor.at);
}

function scanUri(cursor: Cursor, head: string, mayBeEmpty = false): string {
  const start = cursor.at;
  let escaped = false;
  for (let code = cursor.code(); ; code = cursor.code()) {
    if (code === percent) escaped = true;
    else if (!isWord(code) && !uriPunctuation.has(code)) break;
    cursor.at++;
  }
  const raw = cursor.text.slice(start, cursor.at);
  if (raw === "" && head === "" && !mayBeEmpty) throw cursor.fail("did not find expected tag URI");
  return head + (escaped ? decode(cursor, raw) : raw);
}

function decode(cursor: Cursor, uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    throw cursor.fail("found an incorrect URI escape in a tag");
  }
}

/** What a line that starts with `%` says. */
export type ScannedDirective =
  | { readonly name: "YAML"; readonly version: string }
  | { readonly name: "TAG"; readonly handle: string; readonly prefix: string };

/** Reads a directive, to the end of its line. */
export function scanDirective(cursor: Cursor): ScannedDirective {
  cursor.at++;
  const start = cursor.at;
  while (isWord(cursor.code())) cursor.at++;
  const name = cursor.text.slice(start, cursor.at);
  if (name === "") throw cursor.fail("could not find expected directive name");
  if (!isBlankOrEnd(cursor.code())) throw cursor.fail("found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") throw cursor.fail(`found unknown directive name %${excerpt(name)}`);
  const directive: ScannedDirective =
    name === "YAML" ? { name, version: scanVersion(cursor) } : { name, ...scanTagDirective(cursor) };
  cursor.skipBlanks();
  if (cursor.code() === 0x23) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) throw cursor.fail("did not find expected comment or line break");
  if (isBreak(cursor.code())) cursor.readBreak();
  return directive;
}

function scanVersion(cursor: Cursor): string {
  cursor.skipBlanks();
  const match = /^([0-9]{1,9})\.([0-9]{1,9})(?![0-9])/.exec(cursor.text.slice(cursor.at, cursor.at + 20));
  if (match === null) throw cursor.fail("did not find expected version number");
  cursor.at += match[0].length;
  return `${Number(match[1])}.${Number(match[2])}`;
}

function scanTagDirective(cursor: Cursor): { readonly handle: string; readonly prefix: string } {
  cursor.skipBlanks();
  if (cursor.code() !== exclamation) throw cursor.fail("did not find expected '!' of a tag handle");
  const handle = scanHandle(cursor);
  if (handle !== "!" && !handle.endsWith("!")) throw cursor.fail("did not find expected '!' of a tag handle");
  if (!isBlankOrEnd(cursor.code()) || isBreakOrEnd(cursor.code()))
    throw cursor.fail("did not find expected whitespace");
  cursor.skipBlanks();
  const prefix = scanUri(cursor, "");
  if (!isBlankOrEnd(cursor.code())) throw cursor.fail("did not find expected whitespace or line break");
  return { handle, prefix };
}
