import { goQuote, parseFloat64, parseInteger, parseUnsigned, unquoteCharacter } from "../go/index.js";
import type { NumberNode } from "./nodes.js";

type Literal = Omit<NumberNode, "type" | "position">;

/** Reads a number as a template writes it, with each of the types it fits. A string is Go's message for a bad one. */
export function readNumber(text: string, isComplexToken: boolean): Literal | string {
  if (text.startsWith("'")) return readCharacter(text);
  if (isComplexToken || text.endsWith("i")) return readComplex(text, isComplexToken);
  const int = parseInteger(text, 0).value;
  const uint = int === 0n ? 0n : parseUnsigned(text, 0, 64).value;
  if (int !== undefined || uint !== undefined)
    return { text, int, uint, float: Number(int ?? uint), isComplex: false, isChar: false };
  return readFloat(text);
}

function readCharacter(text: string): Literal | string {
  const rune = unquoteCharacter(text);
  if (rune === "malformed") return `malformed character constant: ${text}`;
  if (rune === "invalid syntax") return rune;
  return { text, int: BigInt(rune), uint: BigInt(rune), float: rune, isComplex: false, isChar: true };
}

function readComplex(text: string, isComplexToken: boolean): Literal | string {
  if (!isComplexToken && parseFloat64(text.slice(0, -1)) === undefined)
    return `illegal number syntax: ${goQuote(text)}`;
  return { text, int: undefined, uint: undefined, float: undefined, isComplex: true, isChar: false };
}

function readFloat(text: string): Literal | string {
  const float = parseFloat64(text);
  if (float === undefined) return `illegal number syntax: ${goQuote(text)}`;
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${goQuote(text)}`;
  const whole = Number.isInteger(float);
  const int = whole && Math.abs(float) < 2 ** 63 ? BigInt(float) : undefined;
  const uint = whole && float >= 0 && float < 2 ** 64 ? BigInt(float) : undefined;
  return { text, int, uint, float, isComplex: false, isChar: false };
}
