import { type Cursor, isBlankOrEnd, isBreak, isWord } from "./cursor.js";
import { scanBlockScalar } from "./scan-block-scalar.js";
import { scanPlain } from "./scan-plain.js";
import { scanQuoted } from "./scan-quoted.js";
import { scanDirective, scanTag } from "./scan-tag.js";
import { type Token, TokenKind } from "./token.js";

/** A key without `?` is on one line and starts at most so many characters before its colon. */
const longestKey = 1024;

/**
 * Collections may nest so deep. A Kubernetes object nests some 20 deep; more than a thousand is an attack on the stack, and
 * Go's own limit of ten thousand would be more than JavaScript's stack holds.
 */
const deepestNesting = 1000;

/** A place where a key may have started: only the colon after it tells. */
interface PossibleKey {
  /** It still may be one. */
  possible: boolean;
  /** The count of tokens before it. */
  token: number;
  /** It stands where only a key may, so it is an error when no colon follows. */
  required: boolean;
  at: number;
  line: number;
  lineStart: number;
}

function noKey(): PossibleKey {
  return { possible: false, token: -1, required: false, at: 0, line: 0, lineStart: 0 };
}

/** What follows `&` or `*` must end so, beside blanks: `?:,]}%@` and the backquote. */
const afterName = new Set([..."?:,]}%@`"].map((char) => char.charCodeAt(0)));
/** A tab, `#`, `%`, `@` and the backquote start no token. */
const startsNothing = new Set([..."\t#%@`"].map((char) => char.charCodeAt(0)));

/**
 * Cuts a text into tokens as libyaml does, on whose rules go-yaml rests: indentation becomes start and end tokens, and where a
 * colon shows that a key has been read, a key token is put before it.
 *
 * It is long because it is one state machine: each method named after fetch is one row of its table.
 *
 * Decided in ADR 0008.
 */
export class Scanner {
  readonly #queue: Token[] = [];
  #head = 0;
  /** How many tokens were taken out of the queue. */
  #taken = 0;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;
  #possibleKey = noKey();
  /** The possible keys of the flow collections around this one. */
  readonly #outerKeys: PossibleKey[] = [];

  constructor(readonly cursor: Cursor) {}

  /** The next token, which stays. */
  peek(): Token {
    for (;;) {
      const token = this.#queue[this.#head];
      if (token !== undefined && !this.#mayBeKey(this.#taken)) return token;
      this.#fetch();
    }
  }

  /** Takes the token that `peek` gave. */
  skip(): void {
    this.#head++;
    this.#taken++;
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0;
      this.#head = 0;
    }
  }

  #mayBeKey(token: number): boolean {
    if (this.#possibleKey.token === token) return this.#isValid(this.#possibleKey);
    // The keys of outer collections are in the order of their tokens, and most are long past.
    for (let level = this.#outerKeys.length - 1; level >= 0; level--) {
      const key = this.#outerKeys[level];
      if (key === undefined || (key.token < token && key.token >= 0)) return false;
      if (key.token === token) return this.#isValid(key);
    }
    return false;
  }

  #isValid(key: PossibleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.cursor.line && !this.#isTooLong(key)) return true;
    if (key.required) throw this.#missingColon(key);
    key.possible = false;
    return false;
  }

  #isTooLong(key: PossibleKey): boolean {
    const units = this.cursor.at - key.at;
    // A character has two units at most, so that only a short text has to be counted.
    if (units <= longestKey || units > 2 * longestKey) return units > longestKey;
    return [...this.cursor.text.slice(key.at, this.cursor.at)].length > longestKey;
  }

  #missingColon(key: PossibleKey): Error {
    return this.cursor.failAt(key.at, key.line, key.lineStart, "could not find expected ':' after a key");
  }

  #push(kind: TokenKind, value = "", suffix = "", plain = false): void {
    const { at, line, lineStart } = this.cursor;
    this.#queue.push({ kind, value, suffix, plain, at, line, lineStart });
  }

  /** Puts a token where a key started. */
  #insert(kind: TokenKind, key: PossibleKey, place: number): void {
    const { at, line, lineStart } = key;
    this.#queue.splice(this.#head + place - this.#taken, 0, {
      kind,
      value: "",
      suffix: "",
      plain: false,
      at,
      line,
      lineStart,
    });
  }

  #fetch(): void {
    this.#skipToToken();
    this.#unroll(this.cursor.column);
    const code = this.cursor.code();
    const step = this.#lineStep(code) ?? this.#step(code);
    if (step === undefined) throw this.cursor.fail("found character that cannot start any token");
    step.call(this);
  }

  /** What to do where the text ends, or at a mark that counts at the start of a line only. */
  #lineStep(code: number): (() => void) | undefined {
    if (code === 0) return this.#fetchStreamEnd;
    if (this.cursor.column !== 0) return undefined;
    if (code === 0x25) return this.#fetchDirective;
    return this.cursor.atDocumentMark() ? this.#fetchDocumentMark : undefined;
  }

  /** What to do at a character; undefined when it cannot start a token. */
  #step(code: number): (() => void) | undefined {
    const inFlow = this.#flowLevel > 0;
    const alone = isBlankOrEnd(this.cursor.code(1));
    switch (code) {
      case 0x5b:
        return this.#fetchSequenceStart;
      case 0x7b:
        return this.#fetchMappingStart;
      case 0x5d:
        return this.#fetchSequenceEnd;
      case 0x7d:
        return this.#fetchMappingEnd;
      case 0x2c:
        return this.#fetchFlowEntry;
      case 0x2d:
        return alone ? this.#fetchBlockEntry : this.#fetchPlain;
      case 0x3f:
        return inFlow || alone ? this.#fetchKey : this.#fetchPlain;
      case 0x3a:
        return inFlow || alone ? this.#fetchValue : this.#fetchPlain;
      case 0x2a:
        return this.#fetchAlias;
      case 0x26:
        return this.#fetchAnchor;
      case 0x21:
        return this.#fetchTag;
      case 0x7c:
      case 0x3e:
        return inFlow ? undefined : this.#fetchBlockScalar;
      case 0x27:
      case 0x22:
        return this.#fetchQuoted;
      default:
        return startsNothing.has(code) ? undefined : this.#fetchPlain;
    }
  }

  #skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      // Where a key may start, a tab would be indentation.
      const tabs = this.#flowLevel > 0 || !this.#keyAllowed;
      for (let code = cursor.code(); code === 0x20 || (tabs && code === 0x09); code = cursor.code())
        cursor.at++;
      if (cursor.code() === 0x23) cursor.skipToBreak();
      if (!isBreak(cursor.code())) return;
      cursor.readBreak();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  /** Opens a block collection when the column is deeper than the one it is in. */
  #roll(column: number, kind: TokenKind, key?: PossibleKey, place = 0): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#checkDepth();
    if (key === undefined) this.#push(kind);
    else this.#insert(kind, key, place);
  }

  #checkDepth(): void {
    if (this.#indents.length + this.#flowLevel > deepestNesting)
      throw this.cursor.fail(`collections are nested more than ${deepestNesting} deep`, "too-deep");
  }

  /** Closes the block collections that are deeper than the column. */
  #unroll(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push(TokenKind.blockEnd);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const { at, line, lineStart, column } = this.cursor;
    const required = this.#flowLevel === 0 && this.#indent === column;
    this.#removeKey();
    const token = this.#taken + this.#queue.length - this.#head;
    this.#possibleKey = { possible: true, token, required, at, line, lineStart };
  }

  #removeKey(): void {
    const key = this.#possibleKey;
    if (key.possible && key.required) throw this.#missingColon(key);
    key.possible = false;
  }

  #fetchStreamEnd(): void {
    this.#unroll(-1);
    this.#removeKey();
    // No colon can follow any more.
    for (const key of this.#outerKeys) key.possible = false;
    this.#keyAllowed = false;
    this.#push(TokenKind.streamEnd);
  }

  #fetchDirective(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    const directive = scanDirective(this.cursor);
    if (directive.name === "YAML") this.#push(TokenKind.versionDirective, directive.version);
    else this.#push(TokenKind.tagDirective, directive.handle, directive.prefix);
  }

  #fetchDocumentMark(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(this.cursor.code() === 0x2d ? TokenKind.documentStart : TokenKind.documentEnd);
    this.cursor.at += 3;
  }

  #fetchSequenceStart(): void {
    this.#flowStart(TokenKind.flowSequenceStart);
  }

  #fetchMappingStart(): void {
    this.#flowStart(TokenKind.flowMappingStart);
  }

  #fetchSequenceEnd(): void {
    this.#flowEnd(TokenKind.flowSequenceEnd);
  }

  #fetchMappingEnd(): void {
    this.#flowEnd(TokenKind.flowMappingEnd);
  }

  #flowStart(kind: TokenKind): void {
    this.#saveKey();
    this.#outerKeys.push(this.#possibleKey);
    this.#possibleKey = noKey();
    this.#flowLevel++;
    this.#checkDepth();
    this.#keyAllowed = true;
    this.#push(kind);
    this.cursor.at++;
  }

  #flowEnd(kind: TokenKind): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      this.#possibleKey = this.#outerKeys.pop() ?? noKey();
    }
    this.#keyAllowed = false;
    this.#push(kind);
    this.cursor.at++;
  }

  #fetchFlowEntry(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push(TokenKind.flowEntry);
    this.cursor.at++;
  }

  #fetchBlockEntry(): void {
    const { cursor } = this;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw cursor.fail("block sequence entries are not allowed in this context");
      this.#roll(cursor.column, TokenKind.blockSequenceStart);
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push(TokenKind.blockEntry);
    cursor.at++;
  }

  #fetchKey(): void {
    const { cursor } = this;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw cursor.fail("mapping keys are not allowed in this context");
      this.#roll(cursor.column, TokenKind.blockMappingStart);
    }
    this.#removeKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#push(TokenKind.key);
    cursor.at++;
  }

  #fetchValue(): void {
    const { cursor } = this;
    const key = this.#possibleKey;
    if (this.#isValid(key)) {
      const place = key.token;
      this.#insert(TokenKind.key, key, place);
      this.#roll(key.at - key.lineStart, TokenKind.blockMappingStart, key, place);
      key.possible = false;
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) throw cursor.fail("mapping values are not allowed in this context");
        this.#roll(cursor.column, TokenKind.blockMappingStart);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#push(TokenKind.value);
    cursor.at++;
  }

  #fetchAlias(): void {
    this.#name(TokenKind.alias);
  }

  #fetchAnchor(): void {
    this.#name(TokenKind.anchor);
  }

  #name(kind: TokenKind): void {
    const { cursor } = this;
    this.#saveKey();
    this.#keyAllowed = false;
    let stop = cursor.at + 1;
    while (isWord(cursor.text.charCodeAt(stop))) stop++;
    const name = cursor.text.slice(cursor.at + 1, stop);
    const next = cursor.code(stop - cursor.at);
    if (name === "" || !(isBlankOrEnd(next) || afterName.has(next)))
      throw cursor.fail(
        `the name of an ${kind === TokenKind.alias ? "alias" : "anchor"} is letters, digits, _ and -`,
      );
    this.#push(kind, name);
    cursor.at = stop;
  }

  #fetchTag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.#place();
    const { handle, suffix } = scanTag(this.cursor);
    this.#queue.push({ kind: TokenKind.tag, value: handle, suffix, plain: false, ...start });
  }

  #fetchBlockScalar(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const start = this.#place();
    const value = scanBlockScalar(this.cursor, this.#indent);
    this.#pushScalar(value, false, start, this.cursor.at);
  }

  #fetchQuoted(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.#place();
    const value = scanQuoted(this.cursor);
    this.#pushScalar(value, false, start, this.cursor.at);
  }

  #fetchPlain(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const start = this.#place();
    const { text, brokenLine, end } = scanPlain(this.cursor, this.#flowLevel > 0, this.#indent + 1);
    if (brokenLine) this.#keyAllowed = true;
    this.#pushScalar(text, true, start, end);
  }

  #pushScalar(
    value: string,
    plain: boolean,
    start: Pick<Token, "at" | "line" | "lineStart">,
    end: number,
  ): void {
    const span = { end, inFlow: this.#flowLevel > 0, parentIndent: this.#indent };
    this.#queue.push({ kind: TokenKind.scalar, value, suffix: "", plain, ...start, span });
  }

  #place(): Pick<Token, "at" | "line" | "lineStart"> {
    const { at, line, lineStart } = this.cursor;
    return { at, line, lineStart };
  }
}
