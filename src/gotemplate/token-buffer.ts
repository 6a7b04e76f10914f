import type { Lexer } from "./lex.js";
import type { Token } from "./token.js";

/**
 * Looks up to three tokens ahead. The slots and their order are those of Go's parser, because its messages
 * take their line from slot 0: the token read last from the lexer, or one put back in its place.
 */
export class TokenBuffer {
  private readonly slots: [Token, Token, Token];
  private peeked = 0;

  constructor(private readonly lexer: Lexer) {
    const none: Token = { type: "eof", value: "", position: 0, line: 0 };
    this.slots = [none, none, none];
  }

  /** The token that messages take their place from. */
  current(): Token {
    return this.slots[0];
  }

  next(): Token {
    if (this.peeked > 0) this.peeked -= 1;
    else this.slots[0] = this.lexer.next();
    return this.slot(this.peeked);
  }

  peek(): Token {
    if (this.peeked > 0) return this.slot(this.peeked - 1);
    this.peeked = 1;
    this.slots[0] = this.lexer.next();
    return this.slots[0];
  }

  nextNonSpace(): Token {
    let token = this.next();
    while (token.type === "space") token = this.next();
    return token;
  }

  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.backup();
    return token;
  }

  /** Puts back the token read last. */
  backup(): void {
    this.peeked += 1;
  }

  /** Puts back the token read last and the one before it, which slot 0 no longer holds. */
  backup2(before: Token): void {
    this.slots[1] = before;
    this.peeked = 2;
  }

  /** Puts back three tokens; the argument order is the order in the text. */
  backup3(first: Token, second: Token): void {
    this.slots[1] = second;
    this.slots[2] = first;
    this.peeked = 3;
  }

  private slot(index: number): Token {
    return this.slots[index === 0 ? 0 : index === 1 ? 1 : 2];
  }
}
