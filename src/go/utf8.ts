/**
 * Go's strings are bytes, JavaScript's are UTF-16. A byte that is not part of valid UTF-8 is held as the
 * lone surrogate U+DC00 + byte, so cutting a character in two and joining the halves again loses nothing.
 */
const escapeBase = 0xdc00;
const loneSurrogate = /\p{Surrogate}/u;
// Without the u flag this is done at once for the strings that V8 stores with a byte a character: most.
const anySurrogate = /[\ud800-\udfff]/;
const beyondAscii = /[^\0-\x7f]/;
const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The rune that Go reads where bytes are not UTF-8. */
export const runeError = 0xfffd;

/** Whether a UTF-16 code point of a string stands for one byte that is not UTF-8. */
export function isRawByte(codePoint: number): boolean {
  return codePoint >= escapeBase + 0x80 && codePoint <= escapeBase + 0xff;
}

/** The byte that a raw code point stands for. */
export function rawByte(codePoint: number): number {
  return codePoint - escapeBase;
}

/** Whether the string holds bytes that are not UTF-8. */
export function hasRawBytes(text: string): boolean {
  return anySurrogate.test(text) && loneSurrogate.test(text);
}

/** Whether every character is a single byte. */
export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/** The bytes of a Go string. */
export function encodeUtf8(text: string): Uint8Array {
  if (!hasRawBytes(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (isRawByte(codePoint)) bytes.push(rawByte(codePoint));
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** The Go string of these bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeInvalid(bytes);
  }
}

function decodeInvalid(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const width = runeWidth(bytes, at);
    if (width === 0) {
      parts.push(String.fromCharCode(escapeBase + (bytes[at] ?? 0)));
      at += 1;
    } else {
      parts.push(strictDecoder.decode(bytes.subarray(at, at + width)));
      at += width;
    }
  }
  return parts.join("");
}

/** The length in bytes of the character at `at`, 0 when the bytes there are not UTF-8. */
function runeWidth(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const width =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 ? 4 : 0;
  if (width === 0 || first > 0xf4) return 0;
  for (let next = 1; next < width; next++) {
    const byte = bytes[at + next] ?? 0;
    if (byte < (next === 1 ? lowestSecond(first) : 0x80)) return 0;
    if (byte > (next === 1 ? highestSecond(first) : 0xbf)) return 0;
  }
  return width;
}

function lowestSecond(first: number): number {
  return first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
}

function highestSecond(first: number): number {
  return first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
}

/** How many bytes a Go string has, as Go's `len` counts them. */
export function byteLength(text: string): number {
  if (isAscii(text)) return text.length;
  return encodeUtf8(text).length;
}

/** Joins raw bytes that have become whole characters. What is not UTF-8 stays raw. */
export function joinRawBytes(text: string): string {
  return hasRawBytes(text) ? decodeUtf8(encodeUtf8(text)) : text;
}
