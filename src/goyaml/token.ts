/** The kinds of token, as YAML 1.1's specification in C (libyaml) names them. Numbers, because they are compared so often. */
export const TokenKind = {
  streamEnd: 0,
  documentStart: 1,
  documentEnd: 2,
  versionDirective: 3,
  tagDirective: 4,
  blockSequenceStart: 5,
  blockMappingStart: 6,
  blockEnd: 7,
  flowSequenceStart: 8,
  flowSequenceEnd: 9,
  flowMappingStart: 10,
  flowMappingEnd: 11,
  blockEntry: 12,
  flowEntry: 13,
  key: 14,
  value: 15,
  alias: 16,
  anchor: 17,
  tag: 18,
  scalar: 19,
} as const;

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** Where a scalar ends, and what around it decides how it is read. */
export interface ScalarSpan {
  /** Behind the last character: of a plain scalar its last word's, of a quoted one the quote. */
  readonly end: number;
  /** It stands in a flow collection. */
  readonly inFlow: boolean;
  /** The indentation of the block collection it is in, -1 at the top. */
  readonly parentIndent: number;
}

/** A token and where it starts. */
export interface Token {
  readonly kind: TokenKind;
  /** The text of a scalar, the name of an anchor or alias, the handle of a tag, the version of a directive. */
  readonly value: string;
  /** The suffix of a tag, the prefix of a tag directive. */
  readonly suffix: string;
  /** A scalar without quotes and without `|` or `>`. */
  readonly plain: boolean;
  readonly at: number;
  readonly line: number;
  readonly lineStart: number;
  /** Only of a scalar that stands in the text. */
  readonly span?: ScalarSpan;
}
