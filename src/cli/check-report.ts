import type { CheckReport, Finding } from "../cluster/index.js";
import { wrapText } from "./wrap-text.js";

/** How a report is printed. */
export interface CheckTextOptions {
  /** List what lines count. */
  readonly verbose?: boolean;
  /** Leave out lines on which nothing is wrong, and those that were skipped. */
  readonly quiet?: boolean;
}

const width = 100;
// As wide as the longest status and the longest check, with a space.
const indent = " ".repeat("skipped configuration ".length);

/** The report for people: a line for each finding, its remedy below it, and the count at the end. */
export function checkText({ revisions, findings }: CheckReport, options: CheckTextOptions): string {
  const shown = findings.filter(
    ({ status }) => options.quiet !== true || status === "error" || status === "warning",
  );
  const lines = shown.map((finding, index) => {
    const { revision } = finding;
    const isNew = revisions.length > 1 && (index === 0 || revision !== shown[index - 1]?.revision);
    return (isNew ? heading(revision) : "") + findingText(finding, options);
  });
  return lines.join("") + (options.quiet === true ? "" : summary(findings));
}

function heading(revision: string | undefined): string {
  return revision === undefined ? "cluster\n" : `revision ${revision}\n`;
}

function findingText(
  { status, check, code, object, message, remedy, items = [] }: Finding,
  options: CheckTextOptions,
) {
  const head = `${status.padEnd(8)}${check.padEnd(indent.length - 8)}`;
  const named = code === "ok" || code === "not-known" ? object : `${object} [${code}]`;
  const wrong = status === "warning" || status === "error";
  const listed = options.verbose === true ? items : wrong ? items.slice(0, fewItems) : [];
  const more = items.length - listed.length;
  return [
    wrap(`${named}: ${message}`, head, indent),
    ...listed.map((item) => wrapText(item, width, `${indent}- `, `${indent}  `)),
    wrong && more > 0 ? `${indent}  and ${more} more (--verbose)\n` : "",
    remedy === undefined ? "" : wrap(remedy, `${indent}> `, `${indent}  `),
  ].join("");
}

/** Breaks a text into lines, but no command: one that is copied has to be whole. */
function wrap(text: string, first: string, rest: string): string {
  const whole = text.replace(/`[^`]*`/g, (command) => command.replaceAll(" ", "\u0001"));
  return wrapText(whole, width, first, rest).replaceAll("\u0001", " ");
}

/** Enough to see what it is about. */
const fewItems = 3;

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding["status"]) => findings.filter(({ status }) => status === wanted).length;
  const part = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return `\n${part(count("error"), "error")}, ${part(count("warning"), "warning")}, ${count("ok")} ok, ${count("skipped")} skipped\n`;
}

/** The report for programs. Fields and codes are a contract: docs/check.md. */
export function checkJson({ revisions, findings, requests }: CheckReport): string {
  const count = (wanted: Finding["status"]) => findings.filter(({ status }) => status === wanted).length;
  const summary = {
    error: count("error"),
    warning: count("warning"),
    ok: count("ok"),
    skipped: count("skipped"),
  };
  return `${JSON.stringify({ revisions, summary, requests, findings }, null, 2)}\n`;
}
