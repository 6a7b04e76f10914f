import { fromByteString, toByteString } from "../go/index.js";
import type { GoFunction } from "../gotemplate/index.js";
import { base32Decode, base32Encode } from "./base32.js";
import { base64Decode, base64Encode } from "./base64.js";
import { define, type Invocation } from "./invocation.js";

/** The `encoding` family. What cannot be decoded gives the text of Go's error instead. */
export const encodingFunctions: readonly GoFunction[] = [
  define("b64enc", "pure", ["string"], (call) => base64Encode(input(call))),
  define("b64dec", "pure", ["string"], (call) => output(base64Decode(input(call)))),
  define("b32enc", "pure", ["string"], (call) => base32Encode(input(call))),
  define("b32dec", "pure", ["string"], (call) => output(base32Decode(input(call)))),
];

function input(call: Invocation): string {
  return toByteString(call.text(0));
}

function output(result: Decoded): string {
  return typeof result === "string" ? fromByteString(result) : result.error;
}

type Decoded = ReturnType<typeof base64Decode>;
