import { Cursor, isBlank, isBreak } from "./cursor.js";
import { GoYamlError } from "./go-yaml-error.js";
import { resolveScalar } from "./resolve-scalar.js";
import { Scanner } from "./scanner.js";
import { type Token, TokenKind } from "./token.js";

/** A place in a text of pieces. */
interface Place {
  readonly piece: number;
  /** How far it is in the pieces that both texts have; -1 in any other piece. */
  readonly shared: number;
}

/** A token as far as structure goes. */
interface Sign {
  readonly kind: number;
  readonly at: Place;
  /** Where a scalar ends; where any other token starts. */
  readonly end: Place;
  /** What a key or a value that begins in a changed piece does beside being one: `nothing`, `$patch`, `<<`. */
  readonly effect: string;
}

/** Stands for a text that cannot be scanned any further. */
const fault = -1;

/**
 * The index of the first piece that makes a difference to the structure of two YAML texts of as many pieces; undefined when
 * they have the same structure: token for token of the same kind, and each token in the same place. What begins or ends in a piece that both texts have must do so at the same character of it, so a changed
 * piece can neither open nor close anything: no collection, no quotes, no comment, no document. Keys that are given twice,
 * anchors, aliases and tags are tokens too. A value that becomes null, and so takes its key away, and a key that
 * becomes a directive count as a difference; other changes inside a scalar do not.
 */
export function structuralDifference(
  pieces: readonly string[],
  others: readonly string[],
): number | undefined {
  if (pieces.length !== others.length) return structuralDifference([pieces.join("")], [others.join("")]);
  const changed = pieces.map((piece, index) => piece !== others[index]);
  const one = signs(pieces, changed);
  const other = signs(others, changed);
  for (;;) {
    const [a, b] = [one.next().value, other.next().value];
    if (a === undefined || b === undefined) return undefined;
    const begin = a.kind === b.kind && a.effect === b.effect && isSamePlace(a.at, b.at);
    if (!begin) return lastChanged(changed, a.at, b.at);
    if (!isSamePlace(a.end, b.end)) return lastChanged(changed, a.end, b.end);
  }
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.shared === b.shared && (a.shared >= 0 || a.piece === b.piece);
}

/** All before these places is the same, so the piece is at the first of them, or the last changed one before it. */
function lastChanged(changed: readonly boolean[], a: Place, b: Place): number {
  return Math.max(changed.lastIndexOf(true, Math.min(a.piece, b.piece)), 0);
}

/** The tokens of the first document, which is all that a reader looks at. */
function* signs(pieces: readonly string[], changed: readonly boolean[]): Generator<Sign, undefined> {
  const map = new PlaceMap(pieces, changed);
  const text = pieces.join("");
  const scanner = new Scanner(new Cursor(text, ""));
  let before: TokenKind = TokenKind.streamEnd;
  for (let begun = false; ; ) {
    const token = next(scanner);
    if (token === undefined) {
      const at = map.placeOf(scanner.cursor.at);
      yield { kind: fault, at, end: at, effect: "" };
      return;
    }
    const { kind } = token;
    yield signOf(token, before, map, text);
    if (kind === TokenKind.streamEnd || (begun && isDocumentEnd(kind))) return;
    begun ||= kind === TokenKind.documentStart || kind > TokenKind.tagDirective;
    if (kind !== TokenKind.tag && kind !== TokenKind.anchor) before = kind;
    scanner.skip();
  }
}

function next(scanner: Scanner): Token | undefined {
  try {
    return scanner.peek();
  } catch (error) {
    if (error instanceof GoYamlError) return undefined;
    throw error;
  }
}

/** Whether what follows belongs to another document. */
function isDocumentEnd(kind: TokenKind): boolean {
  return kind >= TokenKind.documentStart && kind <= TokenKind.tagDirective;
}

function signOf(token: Token, before: TokenKind, map: PlaceMap, text: string): Sign {
  const { kind, span } = token;
  const at = map.placeOf(token.at);
  const end = span === undefined ? at : map.placeOf(lastOf(text, token.at, span.end));
  return { kind, at, end, effect: at.shared < 0 ? effectOf(token, before, text) : "" };
}

/** The last character of a scalar; the span of a block scalar takes in the empty lines behind it. */
function lastOf(text: string, at: number, end: number): number {
  let last = end - 1;
  while (last > at && (isBlank(text.charCodeAt(last)) || isBreak(text.charCodeAt(last)))) last--;
  return last;
}

function effectOf({ kind, plain, value, at }: Token, before: TokenKind, text: string): string {
  if (kind !== TokenKind.scalar) return "";
  if (before === TokenKind.value && isNothing(value, plain, text.charAt(at))) return "nothing";
  if (before !== TokenKind.key) return "";
  if (plain && value === "<<") return value;
  return value.startsWith("$") ? value.replace(/\/.*/s, "") : "";
}

/** Whether a value without quotes takes away what it is the value of: null deletes, and an empty text is left out. */
function isNothing(value: string, plain: boolean, first: string): boolean {
  if (plain) return resolveScalar(value).type === "null";
  return value === "" && (first === "|" || first === ">");
}

/** Finds the piece that a place of the text is in. Tokens come nearly in order. */
class PlaceMap {
  readonly #starts: number[] = [];
  /** How long the pieces before are that both texts have. */
  readonly #shared: number[] = [];
  #last = 0;

  constructor(
    pieces: readonly string[],
    private readonly changed: readonly boolean[],
  ) {
    let start = 0;
    let shared = 0;
    for (const [index, { length }] of pieces.entries()) {
      this.#starts.push(start);
      this.#shared.push(shared);
      start += length;
      if (changed[index] !== true) shared += length;
    }
    // What stands at the very end is in a piece of its own.
    this.#starts.push(start);
    this.#shared.push(shared);
  }

  placeOf(at: number): Place {
    const starts = this.#starts;
    while (this.#last > 0 && (starts[this.#last] ?? 0) > at) this.#last--;
    while (this.#last + 1 < starts.length && (starts[this.#last + 1] ?? 0) <= at) this.#last++;
    const piece = this.#last;
    const isShared = this.changed[piece] !== true;
    return { piece, shared: isShared ? (this.#shared[piece] ?? 0) + at - (starts[piece] ?? 0) : -1 };
  }
}
