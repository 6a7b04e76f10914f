const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** What strconv.IsPrint leaves out: separators other than the space, and everything in category C. */
const unprintable = /["\\]|(?! )[\p{Z}\p{C}]/gu;

function escapeChar(char: string): string {
  const short = escapes[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

/** A text in double quotes as Go's strconv.Quote and `%q` print it; many Go messages hold their input so. */
export function goQuote(text: string): string {
  return `"${text.replace(unprintable, escapeChar)}"`;
}
