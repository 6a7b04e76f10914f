import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { decodeUtf8, encodeUtf8, toByteString } from "../go/index.js";
import type { GoFunction } from "../gotemplate/index.js";
import { base64Decode } from "./base64.js";
import { define, type Invocation } from "./invocation.js";
import { type DrawingCall, randomBytes } from "./random-source.js";
import { SprigError } from "./sprig-error.js";

/** Checksums, and AES with a password as the key. */
export const cryptoFunctions: readonly GoFunction[] = [
  define("sha1sum", "pure", ["string"], (call) => digest(call, "sha1")),
  define("sha256sum", "pure", ["string"], (call) => digest(call, "sha256")),
  define("sha512sum", "pure", ["string"], (call) => digest(call, "sha512")),
  define("adler32sum", "pure", ["string"], (call) => adler32(input(call, 0))),
  define("encryptAES", "reads chance", ["string", "string"], (call) => encrypt(call)),
  define("decryptAES", "pure", ["string", "string"], (call) => decrypt(call)),
];

function input(call: Invocation, index: number): Uint8Array {
  return encodeUtf8(call.text(index));
}

function digest(call: Invocation, algorithm: "sha1" | "sha256" | "sha512"): string {
  return createHash(algorithm).update(input(call, 0)).digest("hex");
}

/** RFC 1950. */
function adler32(bytes: Uint8Array): string {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return String(b * 65536 + a);
}

const blockSize = 16;

/** AES-256 in CBC mode: base64 of a random first block and the padded text. */
function encrypt(call: DrawingCall): string {
  const text = input(call, 1);
  if (text.length === 0) return "";
  const start = randomBytes(call, blockSize);
  const cipher = createCipheriv("aes-256-cbc", keyOf(call), start);
  return Buffer.concat([start, cipher.update(text), cipher.final()]).toString("base64");
}

function decrypt(call: Invocation): string {
  const text = call.text(1);
  if (text === "") return "";
  const decoded = base64Decode(toByteString(text));
  if (typeof decoded !== "string") throw new SprigError("syntax", decoded.error);
  const bytes = Buffer.from(decoded, "latin1");
  if (bytes.length <= blockSize || bytes.length % blockSize !== 0) {
    throw new SprigError("bounds", "crypto/cipher: input not full blocks");
  }
  const decipher = createDecipheriv("aes-256-cbc", keyOf(call), bytes.subarray(0, blockSize)).setAutoPadding(
    false,
  );
  const padded = Buffer.concat([decipher.update(bytes.subarray(blockSize)), decipher.final()]);
  const length = padded.length - (padded.at(-1) ?? 0);
  if (length < 0) throw new SprigError("bounds", `runtime error: slice bounds out of range [:${length}]`);
  return decodeUtf8(padded.subarray(0, length));
}

/** The first 32 bytes of the password, filled up with zeros. */
function keyOf(call: Invocation): Buffer {
  const key = Buffer.alloc(32);
  key.set(encodeUtf8(call.text(0)).subarray(0, key.length));
  return key;
}
