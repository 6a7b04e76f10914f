import { SprigError } from "./sprig-error.js";
import { comparePrereleases, Version } from "./version.js";

/**
 * The constraints of Masterminds/semver 3.2.0: `>=1.2, <2 || ^3.1`, ranges such as `1.2 - 1.4`, and `x`
 * or `*` for any number. A constraint without a prerelease is met by no version that has one.
 */
export class VersionConstraint {
  private constructor(private readonly alternatives: readonly (readonly Condition[])[]) {}

  /** Reads a constraint; a text that is none is a `syntax` error. */
  static parse(text: string): VersionConstraint {
    return new VersionConstraint(rewriteRanges(text).split("||").map(parseConditions));
  }

  check(version: Version): boolean {
    return this.alternatives.some((conditions) => conditions.every((condition) => isMet(condition, version)));
  }
}

type Operator = "=" | "!=" | ">" | "<" | ">=" | "<=" | "~" | "^";

interface Condition {
  readonly operator: Operator;
  readonly version: Version;
  /** The first number that was left open: `1` leaves the minor number open, `1.2` the patch, `*` all. */
  readonly open: "none" | "patch" | "minor" | "major";
}

const operators: Readonly<Record<string, Operator>> = {
  "": "=",
  "=": "=",
  "!=": "!=",
  ">": ">",
  "<": "<",
  ">=": ">=",
  "=>": ">=",
  "<=": "<=",
  "=<": "<=",
  "~": "~",
  "~>": "~",
  "^": "^",
};

/** A version with open numbers. The bar stands in the class in the original too, and fails later. */
const anyVersion =
  /v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y;

/** Operators before such a version. Sticky, and each part starts with a character that the part before cannot hold: linear time. */
const conditionHere =
  /([=!<>~^]*)[\t\n\f\r ]*v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y;

/** Between two conditions of which both must hold stands space, a comma, or both. */
const spaceHere = /[\t\n\f\r ]*/y;

function parseConditions(text: string): Condition[] {
  const improper = new SprigError("syntax", `improper constraint: ${text}`);
  const conditions: Condition[] = [];
  let at = 0;
  do {
    conditionHere.lastIndex = skipSpace(text, at);
    const match = conditionHere.exec(text);
    if (match === null) throw improper;
    conditions.push(condition(match, improper));
    const end = conditionHere.lastIndex;
    at = skipSpace(text, end);
    const comma = text[at] === ",";
    if (at < text.length && at === end && !comma) throw improper;
    if (comma) at += 1;
    if (comma && at === text.length) throw improper;
  } while (at < text.length);
  return conditions;
}

function skipSpace(text: string, from: number): number {
  spaceHere.lastIndex = from;
  spaceHere.exec(text);
  return spaceHere.lastIndex;
}

function condition(match: RegExpExecArray, improper: SprigError): Condition {
  const [, sign = "", major = "", minor, patch, prerelease = ""] = match;
  const operator = Object.hasOwn(operators, sign) ? operators[sign] : undefined;
  if (operator === undefined) throw improper;
  const make = (open: Condition["open"], numbers: string): Condition => {
    return { operator, open, version: closedVersion(numbers + prerelease) };
  };
  if (isOpen(major)) return make("major", "0.0.0");
  if (isOpen(minor)) return make("minor", `${major}.0.0`);
  if (isOpen(patch)) return make("patch", `${major}.${minor}.0`);
  return make("none", `${major}.${minor}.${patch}`);
}

function isOpen(number: string | undefined): boolean {
  return number === undefined || number === "x" || number === "X" || number === "*";
}

function closedVersion(text: string): Version {
  try {
    return Version.parse(text);
  } catch (cause) {
    throw new SprigError("syntax", "constraint Parser Error", { cause });
  }
}

/** `1.2 - 1.4` means `>= 1.2, <= 1.4`. The space around a range goes, as in the original. */
function rewriteRanges(text: string): string {
  let rewritten = "";
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const range = rangeAt(text, at);
    if (range !== undefined) {
      rewritten += `${withoutSpaceAfter(text.slice(copied, at))}>= ${range.low}, <= ${range.high}`;
      copied = skipSpace(text, range.end);
    }
    at = range === undefined ? nextStart(text, at) : Math.max(copied, at + 1);
  }
  return rewritten + text.slice(copied);
}

function withoutSpaceAfter(text: string): string {
  let end = text.length;
  while (end > 0 && "\t\n\f\r ".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** A version can start after a `v` or at any character of a number; skip those of one run together. */
function nextStart(text: string, at: number): number {
  anyVersion.lastIndex = at;
  return anyVersion.exec(text) === null ? at + 1 : Math.max(at + 1, anyVersion.lastIndex);
}

function rangeAt(text: string, start: number): { low: string; high: string; end: number } | undefined {
  anyVersion.lastIndex = start;
  const low = anyVersion.exec(text)?.[0];
  if (low === undefined) return undefined;
  const dash = skipSpace(text, start + low.length);
  if (dash === start + low.length || text[dash] !== "-") return undefined;
  anyVersion.lastIndex = skipSpace(text, dash + 1);
  if (anyVersion.lastIndex === dash + 1) return undefined;
  const high = anyVersion.exec(text)?.[0];
  return high === undefined ? undefined : { low, high, end: anyVersion.lastIndex };
}

function isMet(condition: Condition, version: Version): boolean {
  const { operator, version: wanted, open } = condition;
  if (operator === "!=") return differs(condition, version);
  if (version.parts.prerelease !== "" && wanted.parts.prerelease === "") return false;
  const order = version.compare(wanted);
  if (operator === "<") return order < 0;
  if (operator === ">=") return order >= 0;
  if (operator === ">") return isAbove(condition, version, order);
  if (operator === "<=") return isUpTo(condition, version, order);
  if (operator === "=" && open === "none") return order === 0;
  if (order < 0) return false;
  return operator === "^" ? isCaretCompatible(condition, version) : isTildeCompatible(condition, version);
}

/** `!= 1.2` excludes all of 1.2; prereleases only matter when some number is open. */
function differs({ version: wanted, open }: Condition, version: Version): boolean {
  const [a, b] = [version.parts, wanted.parts];
  if (open === "none") return version.compare(wanted) !== 0;
  if (a.prerelease !== "" && b.prerelease === "") return false;
  if (a.major !== b.major) return true;
  if (open === "minor") return false;
  if (a.minor !== b.minor) return true;
  if (open === "patch")
    return a.prerelease + b.prerelease !== "" && comparePrereleases(a.prerelease, b.prerelease) !== 0;
  return a.patch !== b.patch || version.compare(wanted) !== 0;
}

/** `> 11` needs 12, `> 11.1` needs 11.2. */
function isAbove({ version: wanted, open }: Condition, version: Version, order: number): boolean {
  const [a, b] = [version.parts, wanted.parts];
  if (open === "none") return order > 0;
  if (a.major !== b.major) return a.major > b.major;
  if (open === "minor") return false;
  return open === "patch" ? a.minor > b.minor : order > 0;
}

/** `<= 11` takes in all of 11, `<= 11.1` all of 11.1. */
function isUpTo({ version: wanted, open }: Condition, version: Version, order: number): boolean {
  const [a, b] = [version.parts, wanted.parts];
  if (open === "none") return order <= 0;
  return a.major < b.major || (a.major === b.major && (a.minor <= b.minor || open === "minor"));
}

/** `~1.2.3` stays in 1.2, `~1` in 1; `~0.0.0` and `~*` take anything. */
function isTildeCompatible({ version: wanted, open }: Condition, version: Version): boolean {
  const [a, b] = [version.parts, wanted.parts];
  const isZero = b.major === 0n && b.minor === 0n && b.patch === 0n;
  if (isZero && open !== "minor" && open !== "patch") return true;
  return a.major === b.major && (a.minor === b.minor || open === "minor");
}

/** `^1.2.3` stays in 1, `^0.2.3` in 0.2, `^0.0.3` is 0.0.3 alone. */
function isCaretCompatible({ version: wanted, open }: Condition, version: Version): boolean {
  const [a, b] = [version.parts, wanted.parts];
  if (b.major > 0n || open === "minor") return a.major === b.major;
  if (a.major > 0n) return false;
  if (b.minor > 0n || open === "patch") return a.minor === b.minor;
  return a.minor === 0n && a.patch === b.patch;
}
