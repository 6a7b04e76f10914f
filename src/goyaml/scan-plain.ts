import { type Cursor, isBlank, isBlankOrEnd, isBreak } from "./cursor.js";

const hash = 0x23;
const colon = 0x3a;
const tab = 0x09;

/** Characters that end a plain scalar inside a flow collection: `,` `?` `[` `]` `{` `}`. */
function isFlowEnd(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

interface Gap {
  readonly text: string;
  readonly brokenLine: boolean;
}

/** What was read, where its last word ends, and whether a line break follows it, which lets a key start. */
export interface PlainScalar extends Gap {
  readonly end: number;
}

/** Reads a plain scalar that may run over lines, each indented at least to `indent`. */
export function scanPlain(cursor: Cursor, inFlow: boolean, indent: number): PlainScalar {
  let text = "";
  /** What was skipped and counts only if more text follows. */
  let gap = "";
  let brokenLine = false;
  let end = cursor.at;
  while (!cursor.atDocumentMark() && cursor.code() !== hash) {
    const start = cursor.at;
    skipWord(cursor, inFlow);
    if (cursor.at > start) {
      text += gap + cursor.text.slice(start, cursor.at);
      gap = "";
      end = cursor.at;
      brokenLine = false;
    }
    const code = cursor.code();
    if (!isBlank(code) && !isBreak(code)) break;
    const blank = scanGap(cursor, indent, brokenLine);
    brokenLine = blank.brokenLine;
    gap = blank.text;
    if (!inFlow && cursor.column < indent) break;
  }
  return { text, brokenLine, end };
}

function skipWord(cursor: Cursor, inFlow: boolean): void {
  for (let code = cursor.code(); !isBlankOrEnd(code); code = cursor.code()) {
    if (code === colon && isBlankOrEnd(cursor.code(1))) return;
    if (inFlow && isFlowEnd(code)) return;
    cursor.at++;
  }
}

/** Reads blanks and line breaks between words: one break folds to a space, further ones stay. */
function scanGap(cursor: Cursor, indent: number, alreadyBroken: boolean): Gap {
  const start = cursor.at;
  while (isBlank(cursor.code())) {
    if (alreadyBroken) checkTab(cursor, indent);
    cursor.at++;
  }
  if (!isBreak(cursor.code()))
    return { text: cursor.text.slice(start, cursor.at), brokenLine: alreadyBroken };
  const first = cursor.readBreak();
  let more = "";
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) {
      more += cursor.readBreak();
    } else {
      checkTab(cursor, indent);
      cursor.at++;
    }
  }
  return { text: fold(first, more), brokenLine: true };
}

function checkTab(cursor: Cursor, indent: number): void {
  if (cursor.code() === tab && cursor.column < indent)
    throw cursor.fail("found a tab character that violates indentation; use spaces");
}

/** The text that a line break and those after it stand for. */
export function fold(first: string, more: string): string {
  if (first !== "\n") return first + more;
  return more === "" ? " " : more;
}
