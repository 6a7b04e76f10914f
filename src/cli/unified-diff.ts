import { type DiffLine, diffLines } from "./line-diff.js";

/** Lines shown before and behind a change, as diff -u does. */
const context = 3;

export interface DiffColors {
  readonly removed: string;
  readonly added: string;
  readonly place: string;
  readonly reset: string;
}

/** The colours of git at a terminal. */
export const terminalColors: DiffColors = {
  removed: "\u001b[31m",
  added: "\u001b[32m",
  place: "\u001b[36m",
  reset: "\u001b[0m",
};

const noColors: DiffColors = { removed: "", added: "", place: "", reset: "" };

/**
 * The hunks of a unified diff of two texts, without the header of the file; empty when they are equal.
 *
 * @param firstLine the line of the file on which the texts begin, from 1
 * @param shift how many lines the file has more after than before, up to here
 */
export function unifiedHunks(
  before: string,
  after: string,
  firstLine: number,
  shift: number,
  colors = noColors,
): string {
  if (before === after) return "";
  const lines = diffLines(split(before), split(after));
  return hunks(lines)
    .map(({ from, to, oldStart, newStart }) => {
      const part = lines.slice(from, to);
      const oldCount = part.filter(({ kind }) => kind !== "added").length;
      const newCount = part.filter(({ kind }) => kind !== "removed").length;
      const place = `@@ -${oldStart + firstLine},${oldCount} +${newStart + firstLine + shift},${newCount} @@`;
      return `${colors.place}${place}${colors.reset}\n${part.map((line) => lineText(line, colors)).join("")}`;
    })
    .join("");
}

/** Lines without their ends; a carriage return is part of its line, so that a change of line ends is seen. */
function split(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function lineText({ kind, text }: DiffLine, colors: DiffColors): string {
  if (kind === "same") return ` ${text}\n`;
  const color = kind === "added" ? colors.added : colors.removed;
  return `${color}${kind === "added" ? "+" : "-"}${text}${colors.reset}\n`;
}

interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly oldStart: number;
  readonly newStart: number;
}

function hunks(lines: readonly DiffLine[]): readonly Hunk[] {
  const ranges: { from: number; to: number }[] = [];
  for (const [index, { kind }] of lines.entries()) {
    if (kind === "same") continue;
    const last = ranges.at(-1);
    const from = Math.max(0, index - context);
    const to = Math.min(lines.length, index + 1 + context);
    if (last !== undefined && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  let [at, oldLine, newLine] = [0, 0, 0];
  return ranges.map(({ from, to }) => {
    for (; at < from; at++) {
      if (lines[at]?.kind !== "added") oldLine++;
      if (lines[at]?.kind !== "removed") newLine++;
    }
    return { from, to, oldStart: oldLine, newStart: newLine };
  });
}
