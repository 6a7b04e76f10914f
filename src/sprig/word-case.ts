import { isSpace, lowerRune, upperRune } from "./letter-case.js";

/**
 * Words in identifiers, as huandu/xstrings 1.3.3 sees them: `HTTPServer` is HTTP and Server, `version2Beta`
 * is version2 and Beta, `http2xx` is http and 2xx.
 */

type WordKind = "end" | "number" | "upper" | "letters" | "connector" | "punctuation" | "other";

interface Word {
  readonly kind: WordKind;
  readonly runes: readonly string[];
  /** Where the next word starts. */
  readonly end: number;
}

const isUpper = (rune: string): boolean => /^\p{Lu}$/u.test(rune);
const isNumber = (rune: string): boolean => /^\p{N}$/u.test(rune);
const isPunctuation = (rune: string): boolean => /^\p{P}$/u.test(rune);

function isConnector(rune: string): boolean {
  return rune === "-" || rune === "_" || isSpace(rune);
}

/** A letter of a script with words; ideographs are not. */
function isLetter(rune: string): boolean {
  return /^\p{L}$/u.test(rune) && !/^[\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]$/u.test(rune);
}

const isLowerLetter = (rune: string): boolean => isLetter(rune) && !isUpper(rune);

function isOther(rune: string): boolean {
  return !isConnector(rune) && !isLetter(rune) && !isNumber(rune) && !isPunctuation(rune);
}

/** The end of the run that starts here. */
function runEnd(runes: readonly string[], from: number, belongs: (rune: string) => boolean): number {
  let end = from;
  for (let rune = runes[end]; rune !== undefined && belongs(rune); rune = runes[end]) end++;
  return end;
}

/** `HTTP`, or `Status`, but of `HTTPStatus` only `HTTP`. */
function upperEnd(runes: readonly string[], start: number): number {
  const second = runes[start + 1];
  if (second === undefined) return start + 1;
  if (!isUpper(second)) return runEnd(runes, start + 1, isLowerLetter);
  const end = runEnd(runes, start + 2, isUpper);
  const after = runes[end];
  return after !== undefined && isLetter(after) ? end - 1 : end;
}

function nextWord(runes: readonly string[], start: number): Word {
  const first = runes[start];
  if (first === undefined) return { kind: "end", runes: [], end: start };
  const word = (kind: WordKind, end: number): Word => ({ kind, runes: runes.slice(start, end), end });
  if (isConnector(first)) return word("connector", runEnd(runes, start + 1, isConnector));
  if (isPunctuation(first)) return word("punctuation", runEnd(runes, start + 1, isPunctuation));
  if (isUpper(first)) return word("upper", upperEnd(runes, start));
  if (isLetter(first)) return word("letters", runEnd(runes, start + 1, isLowerLetter));
  if (isNumber(first)) return word("number", runEnd(runes, start + 1, isNumber));
  return word("other", runEnd(runes, start + 1, isOther));
}

/** Writes the words of one identifier in lower case with a connector between them. */
class LowerCaseWriter {
  private text = "";
  private word: Word;

  constructor(
    private readonly runes: readonly string[],
    private readonly connector: string,
  ) {
    this.word = nextWord(runes, 0);
  }

  write(): string {
    while (this.word.end < this.runes.length) {
      const word = this.word;
      if (word.kind !== "connector") this.emit(word);
      this.advance();
      if (word.kind === "number") this.afterNumber();
      else if (word.kind === "connector") this.emit(word);
      else if (word.kind !== "punctuation") this.afterLetters();
    }
    this.emit(this.word);
    return this.text;
  }

  private advance(): Word {
    this.word = nextWord(this.runes, this.word.end);
    return this.word;
  }

  private emit(word: Word): void {
    if (word.kind === "connector") this.text += this.connector.repeat(word.runes.length);
    else if (word.kind === "upper") this.text += word.runes.map(lowerIfUpper).join("");
    else this.text += word.runes.join("");
  }

  private connect(): void {
    const { kind } = this.word;
    if (kind !== "connector" && kind !== "punctuation") this.text += this.connector;
  }

  /** Letters and digits that follow a number belong to it: `2m3s`. */
  private afterNumber(): void {
    while (this.word.kind === "letters" || this.word.kind === "number") {
      this.emit(this.word);
      this.advance();
    }
    if (this.word.kind !== "end") this.connect();
  }

  /** A number belongs to the word before it, unless lower-case letters follow: `bld4` but `http_2xx`. */
  private afterLetters(): void {
    if (this.word.kind !== "number") {
      this.connect();
      return;
    }
    if (this.word.end === this.runes.length) return;
    const number = this.word;
    if (this.advance().kind === "letters") {
      this.text += this.connector;
      this.emit(number);
      this.afterNumber();
    } else {
      this.emit(number);
      this.connect();
    }
  }
}

const lowerIfUpper = (rune: string): string => (isUpper(rune) ? lowerRune(rune) : rune);

/** `HTTPServer` becomes `http_server` with the connector `_`. */
export function connectWords(text: string, connector: "_" | "-"): string {
  return new LowerCaseWriter([...text], connector).write();
}

/** `http_server` becomes `HttpServer`. Connectors at the start stay, of several in a row all but the last. */
export function camelCase(text: string): string {
  const runes = [...text];
  const start = runEnd(runes, 0, isConnector);
  const lead = runes.slice(0, start).join("");
  const first = runes[start];
  // A text of connectors only repeats its last one, as xstrings 1.3.3 does.
  if (first === undefined) return lead + lead.slice(-1);
  let camel = lead;
  let previous = upperRune(first);
  for (const rune of runes.slice(start + 1)) {
    const afterConnector = isConnector(previous);
    if (!afterConnector || isConnector(rune)) camel += previous;
    previous = isConnector(rune) ? rune : afterConnector ? upperRune(rune) : lowerRune(rune);
  }
  return camel + previous;
}
