import { RE2JS, RE2JSException } from "re2js";
import type { Invocation } from "./invocation.js";
import { SprigError } from "./sprig-error.js";

/** The places of a match and its groups, two numbers each; -1 for a group that took no part. */
export type MatchPlaces = readonly number[];

/**
 * Go's regexp: RE2's syntax, linear time, and Go's rules of which matches come next, of splitting and of
 * `$` in replacements. Places are in UTF-16 units.
 */
export class GoRegexp {
  private constructor(
    private readonly program: RE2JS,
    private readonly source: string,
    /** For names that several groups have: what each of them is called in the program. */
    private readonly aliases: GroupAliases,
  ) {}

  /** Compiles an expression; what RE2 refuses is a `syntax` error with RE2's message. */
  static compile(source: string): GoRegexp {
    const known = compiled.get(source);
    if (known !== undefined) return known;
    const regexp = compileRegexp(source, (program, aliases) => new GoRegexp(program, source, aliases));
    const oldest = compiled.size >= mostCompiled ? compiled.keys().next().value : undefined;
    if (oldest !== undefined) compiled.delete(oldest);
    compiled.set(source, regexp);
    return regexp;
  }

  test(call: Invocation, text: string): boolean {
    this.charge(call, text.length);
    return this.program.test(text);
  }

  /** The matches from left to right, at most so many; an empty one does not stand right after another. */
  find(call: Invocation, text: string, limit: number): MatchPlaces[] {
    const matcher = this.program.matcher(text);
    const found: MatchPlaces[] = [];
    const groups = this.program.groupCount();
    this.charge(call, text.length);
    let at = 0;
    let previousEnd = -1;
    while (found.length < limit && at <= text.length && this.chargeSearch(call, text.length - at)) {
      if (!matcher.find(at)) break;
      const start = matcher.start();
      const end = matcher.end();
      if (end > start || start !== previousEnd) found.push(places(matcher, groups));
      at = end > at ? end : at + runeLength(text, at);
      previousEnd = end;
    }
    return found;
  }

  /** The pieces between the matches; at most so many, the last one with the rest of the text. */
  split(call: Invocation, text: string, limit: number): string[] | undefined {
    if (limit === 0) return undefined;
    if (this.source !== "" && text === "") return [""];
    const pieces: string[] = [];
    let start = 0;
    let end = 0;
    for (const [from = 0, to = 0] of this.find(call, text, limit < 0 ? Infinity : limit)) {
      if (limit > 0 && pieces.length === limit - 1) break;
      end = from;
      if (to !== 0) pieces.push(text.slice(start, end));
      start = to;
    }
    return end === text.length ? pieces : [...pieces, text.slice(start)];
  }

  /** The text with each match replaced by what the function makes of it. */
  replace(call: Invocation, text: string, replacement: (match: MatchPlaces) => string): string {
    let replaced = "";
    let copied = 0;
    for (const match of this.find(call, text, Infinity)) {
      const [start = 0, end = 0] = match;
      const piece = text.slice(copied, start) + replacement(match);
      call.chargeText(piece.length, replaced.length + piece.length);
      replaced += piece;
      copied = end;
    }
    return replaced + text.slice(copied);
  }

  /** The text of the first group of this name that took part in a match, or undefined. */
  groupText(name: string, text: string, match: MatchPlaces): string | undefined {
    const named = this.program.namedGroups();
    for (const alias of this.aliases.get(name) ?? [name]) {
      const index = Object.hasOwn(named, alias) ? named[alias] : undefined;
      const found = index === undefined ? undefined : groupAt(index, text, match);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A search passes over each character with up to one step of the program each. */
  private charge(call: Invocation, length: number): void {
    call.charge((length * Math.max(this.program.programSize(), 16)) / operationsPerStep);
  }

  /** A search may look at all the rest of the text and yet find a short match at its start. */
  private chargeSearch(call: Invocation, rest: number): true {
    call.charge(rest / restPerStep);
    return true;
  }
}

/** A step is about a microsecond of work elsewhere; the engine does some hundred operations in that time. */
const operationsPerStep = 256;
const restPerStep = 4096;

/** Templates have some dozens of expressions; the bound is for those that are made from data. */
const mostCompiled = 200;
const compiled = new Map<string, GoRegexp>();

type GroupAliases = ReadonlyMap<string, readonly string[]>;

/** Go lets groups share a name; RE2JS does not, so there each gets its own. */
function compileRegexp<T>(source: string, make: (program: RE2JS, aliases: GroupAliases) => T): T {
  if (/[\ud800-\udfff]/u.test(source)) {
    throw new SprigError("syntax", "error parsing regexp: invalid UTF-8");
  }
  try {
    return make(RE2JS.compile(source), new Map());
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    if (!cause.message.includes("duplicate capture group name")) {
      throw new SprigError("syntax", cause.message, { cause });
    }
  }
  const { renamed, aliases } = renameGroups(source);
  try {
    return make(RE2JS.compile(renamed), aliases);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw new SprigError("syntax", cause.message, { cause });
  }
}

/** Quoted text, escapes and classes, in which no group begins; and the beginnings of named groups. */
const groupOrOpaque = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]?|\(\?P?<(\w+)>/gs;

function renameGroups(source: string): { renamed: string; aliases: GroupAliases } {
  const aliases = new Map<string, string[]>();
  const renamed = source.replace(groupOrOpaque, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    const known = aliases.get(name) ?? [];
    const alias = `${name}_${known.length}`;
    aliases.set(name, [...known, alias]);
    return `(?P<${alias}>`;
  });
  return { renamed, aliases };
}

function places(matcher: ReturnType<RE2JS["matcher"]>, groups: number): MatchPlaces {
  const found: number[] = [];
  for (let group = 0; group <= groups; group++) found.push(matcher.start(group), matcher.end(group));
  return found;
}

/** The text of a group; undefined when there is none of this number or it took no part. */
export function groupAt(index: number, text: string, match: MatchPlaces): string | undefined {
  const start = match[2 * index] ?? -1;
  return start < 0 ? undefined : text.slice(start, match[2 * index + 1]);
}

function runeLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
