import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { checkSync } from "recheck";
import { isObject } from "../../src/json/index.js";

// Without Java or a program of its own, so that the verdict is the same everywhere.
process.env.RECHECK_BACKEND = "pure";
process.env.RECHECK_SYNC_BACKEND = "pure";
const require = createRequire(import.meta.url);
const recheck: { readonly checkSync: typeof checkSync } = require("recheck");
const { version }: { readonly version: string } = require("recheck/package.json");

/** Which checker judges. A verdict of another one is none. */
export const checker = `recheck ${version}`;

/** No limit is one of time: on a busy machine a verdict would be another. */
const limits = { timeout: null, attackTimeout: null, incubationTimeout: null, seedingTimeout: null } as const;

/** How the time of an expression grows with its text, at worst, such as `linear` or `2nd degree polynomial`. */
export type Verdict = string;

/** Judges one expression anew: from milliseconds to a minute. */
export function judge(source: string, flags: string): Verdict {
  const { status, ...found } = recheck.checkSync(source, flags, limits);
  if (status === "unknown" || !("complexity" in found)) return `unknown: ${JSON.stringify(found)}`;
  return found.complexity.summary;
}

/** Whether an expression takes no more than linear time. */
export function isLinear(verdict: Verdict): boolean {
  return /^(?:constant|linear|safe)(?: \(fuzz\))?$/.test(verdict);
}

/** The verdicts that are kept, by the literal: those of this checker. */
export function keptVerdicts(file: string): ReadonlyMap<string, Verdict> {
  const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isObject(kept) || kept.checker !== checker || !isObject(kept.verdicts)) return new Map();
  return new Map(Object.entries(kept.verdicts).map(([literal, verdict]) => [literal, String(verdict)]));
}
