/** The bytes as a byte string, or what Go says about the place where the text is wrong. */
export type Decoded = string | { readonly error: string };

/** Standard base64 of a byte string. */
export function base64Encode(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("base64");
}

/** Reads standard base64 with padding as Go does: line breaks are skipped, surplus bits are not looked at. */
export function base64Decode(text: string): Decoded {
  const position = firstError(text);
  if (position >= 0) return { error: `illegal base64 data at input byte ${position}` };
  return Buffer.from(text, "base64").toString("latin1");
}

const alphabet = /^[A-Za-z0-9+/]$/;

/** Where Go's decoder stops, -1 when it does not: the quantum's fourth character may be lacking or be padding. */
function firstError(text: string): number {
  let inQuantum = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (isLineBreak(character)) continue;
    if (alphabet.test(character)) inQuantum = (inQuantum + 1) % 4;
    else if (character === "=") return paddingError(text, at, inQuantum);
    else return at;
  }
  return inQuantum === 0 ? -1 : at - inQuantum;
}

/** Padding ends the text: one `=` as the fourth character or two as the third and fourth. */
function paddingError(text: string, at: number, inQuantum: number): number {
  if (inQuantum < 2) return at;
  let next = at + 1;
  if (inQuantum === 2) {
    next = afterLineBreaks(text, next);
    if (next === text.length) return text.length;
    if (text[next] !== "=") return next - 1;
    next += 1;
  }
  next = afterLineBreaks(text, next);
  return next < text.length ? next : -1;
}

function afterLineBreaks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isLineBreak(text.charAt(at))) at++;
  return at;
}

function isLineBreak(character: string): boolean {
  return character === "\n" || character === "\r";
}
