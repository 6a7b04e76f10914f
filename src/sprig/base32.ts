import type { Decoded } from "./base64.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Standard base32, with padding, of a byte string. */
export function base32Encode(bytes: string): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 5) {
    const group = bytes.slice(at, at + 5);
    const bits = bitsOf(group, 8).padEnd(Math.ceil((group.length * 8) / 5) * 5, "0");
    for (let i = 0; i < bits.length; i += 5)
      text += alphabet.charAt(Number.parseInt(bits.slice(i, i + 5), 2));
  }
  return text.padEnd(Math.ceil(text.length / 8) * 8, "=");
}

/** Reads standard base32 with padding as Go does. Places in errors do not count line breaks. */
export function base32Decode(input: string): Decoded {
  const text = input.replace(/[\r\n]/g, "");
  let bytes = "";
  for (let at = 0; at < text.length; at += 8) {
    const group = readGroup(text, at);
    if (typeof group === "number") return { error: `illegal base32 data at input byte ${group}` };
    bytes += group.bytes;
    if (group.last) break;
  }
  return bytes;
}

/** The bytes of the eight characters from here, or the place of the error. */
function readGroup(text: string, start: number): { bytes: string; last: boolean } | number {
  let bits = "";
  for (let i = 0; i < 8; i++) {
    const at = start + i;
    if (at >= text.length) return text.length - i;
    const character = text.charAt(at);
    if (character === "=" && i >= 2 && text.length - at - 1 < 8) {
      return endOfGroup(text, at, i) ?? { bytes: bytesOf(bits), last: true };
    }
    const value = alphabet.indexOf(character);
    if (value < 0) return at;
    bits += value.toString(2).padStart(5, "0");
  }
  return { bytes: bytesOf(bits), last: false };
}

/** The place of an error in the padding that starts here after so many digits. */
function endOfGroup(text: string, at: number, digits: number): number | undefined {
  if (text.length - at - 1 + digits < 7) return text.length;
  for (let k = 0; k < 7 - digits; k++) {
    const next = text[at + 1 + k];
    if (next !== undefined && next !== "=") return at + k;
  }
  return digits === 3 || digits === 6 ? at : undefined;
}

function bitsOf(bytes: string, width: number): string {
  return [...bytes].map((byte) => byte.charCodeAt(0).toString(2).padStart(width, "0")).join("");
}

/** Whole bytes; surplus bits are dropped. */
function bytesOf(bits: string): string {
  let bytes = "";
  for (let i = 0; i + 8 <= bits.length; i += 8) {
    bytes += String.fromCharCode(Number.parseInt(bits.slice(i, i + 8), 2));
  }
  return bytes;
}
