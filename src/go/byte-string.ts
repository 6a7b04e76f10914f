import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/**
 * Go's strings are bytes, JavaScript's are UTF-16. A function that counts bytes works on a byte string:
 * one character from U+0000 to U+00FF a byte.
 */
const beyondAscii = /[\u0080-\uffff]/;

/** The bytes of a Go string, one character a byte. */
export function toByteString(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(encodeUtf8(text)).toString("latin1") : text;
}

/** The Go string of these bytes. */
export function fromByteString(bytes: string): string {
  return beyondAscii.test(bytes) ? decodeUtf8(Buffer.from(bytes, "latin1")) : bytes;
}
