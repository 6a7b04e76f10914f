import { isBlankOrEnd, isBreak } from "./cursor.js";
import { resolveScalar } from "./resolve-scalar.js";
import { isTimestamp } from "./timestamp.js";

/** How a text is written. */
export type ScalarStyle = "plain" | "single" | "double" | "literal";

/** Which styles a text can have, as libyaml finds out before it writes. */
interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

const space = 0x20;

/** Characters that are no text at the start of a plain scalar. */
const leadingIndicators = new Set([..."#,[]{}&*!|>'\"%@`"].map((char) => char.charCodeAt(0)));

/** YAML 1.1 wrote numbers to the base of 60 with colons; other readers still do. */
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether go-yaml writes a character as it is: not a tab, not a control character, nothing beyond the basic plane. */
export function isPrintable(code: number): boolean {
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

/** The style in which go-yaml writes a text. A key that is written without `?` must be on one line. */
export function scalarStyle(text: string, isSimpleKey: boolean): ScalarStyle {
  const { multiline, plain, single, block } = analyze(text);
  if (text.includes("\n")) return block && !isSimpleKey ? "literal" : "double";
  if (!readsAsText(text)) return "double";
  if (plain && !(isSimpleKey && multiline)) return "plain";
  return single && !(isSimpleKey && multiline) ? "single" : "double";
}

/** Whether a text can be a key without `?`: it is one line, and at most 128 bytes long. */
export function isSimpleKey(text: string): boolean {
  return new TextEncoder().encode(text).length <= 128 && !analyze(text).multiline;
}

function readsAsText(text: string): boolean {
  return resolveScalar(text).type === "string" && !isTimestamp(text) && !sexagesimal.test(text);
}

function analyze(text: string): Analysis {
  if (text === "") return { multiline: false, plain: true, single: true, block: false };
  let breaks = false;
  let special = false;
  let breakSpace = false;
  let spaceBreak = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isPrintable(code)) special = true;
    if (isBreak(code)) {
      breaks = true;
      if (i > 0 && text.charCodeAt(i - 1) === space) spaceBreak = true;
    } else if (code === space && i > 0 && isBreak(text.charCodeAt(i - 1))) {
      breakSpace = true;
    }
  }
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const edges = first === space || isBreak(first) || last === space || isBreak(last);
  const unfit = special || spaceBreak;
  return {
    multiline: breaks,
    plain: !unfit && !edges && !breaks && !hasIndicator(text),
    single: !unfit && !breakSpace,
    block: !unfit && last !== space,
  };
}

/** Whether a plain scalar of this text would be taken for something else in a block collection. */
function hasIndicator(text: string): boolean {
  const first = text.charCodeAt(0);
  if (text.startsWith("---") || text.startsWith("...") || leadingIndicators.has(first)) return true;
  const marks = first === 0x2d || first === 0x3f || first === 0x3a;
  if (marks && isBlankOrEnd(text.length > 1 ? text.charCodeAt(1) : 0)) return true;
  return / #|:(?:[ \t]|$)/.test(text);
}
