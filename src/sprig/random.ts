import type { GoFunction } from "../gotemplate/index.js";
import { define, type Invocation } from "./invocation.js";
import { type DrawingCall, randomBelow, randomBytes } from "./random-source.js";
import { SprigError } from "./sprig-error.js";

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const printableAscii = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));

/** The functions that draw from the context's randomness, which is as good as the caller makes it. */
export const randomFunctions: readonly GoFunction[] = [
  define("randAlphaNum", "reads chance", ["int"], (call) => randomText(call, letters + digits)),
  define("randAlpha", "reads chance", ["int"], (call) => randomText(call, letters)),
  define("randNumeric", "reads chance", ["int"], (call) => randomText(call, digits)),
  define("randAscii", "reads chance", ["int"], (call) => randomText(call, printableAscii)),
  define("randBytes", "reads chance", ["int"], (call) => {
    const count = call.int(0);
    if (count < 0n) throw new SprigError("bounds", "runtime error: makeslice: len out of range");
    payForRandom(call, count);
    return randomBytes(call, Number(count)).toString("base64");
  }),
  define("randInt", "reads chance", ["int", "int"], (call) => {
    const range = call.int(1) - call.int(0);
    if (range <= 0n) throw new SprigError("bounds", "invalid argument to Intn");
    return call.int(0) + BigInt(randomBelow(call, Number(range)));
  }),
  define("uuidv4", "reads chance", [], (call) => uuid(randomBytes(call, 16))),
  define("shuffle", "reads chance", ["string"], (call) => shuffled(call, [...call.text(0)])),
];

/** Each character asks for a random number, so each is a step and the text limit holds too. */
function payForRandom(call: Invocation, count: bigint): void {
  call.charge(Number(count));
  call.chargeText(Number(count));
}

/** A count below zero gives nothing, as in Go, where the error is dropped. */
function randomText(call: DrawingCall, characters: string): string {
  const count = call.int(0);
  if (count <= 0n) return "";
  payForRandom(call, count);
  let text = "";
  for (let i = 0; i < Number(count); i++) text += characters.charAt(randomBelow(call, characters.length));
  return text;
}

/** RFC 4122, version 4. */
function uuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Fisher-Yates, from the end. */
function shuffled(call: DrawingCall, runes: string[]): string {
  call.charge(runes.length);
  for (let last = runes.length - 1; last > 0; last--) {
    const other = randomBelow(call, last + 1);
    const rune = runes[last] ?? "";
    runes[last] = runes[other] ?? "";
    runes[other] = rune;
  }
  return runes.join("");
}
