import { fromByteString, toByteString } from "../go/index.js";
import type { GoFunction } from "../gotemplate/index.js";
import { define, type Invocation } from "./invocation.js";

/** The functions that fit text into a width. They count bytes, as goutils does. */
export const lineWidthFunctions: readonly GoFunction[] = [
  define("wrap", "pure", ["int", "string"], (call) => wrapped(call, call.text(1), "", false)),
  define("wrapWith", "pure", ["int", "string", "string"], (call) =>
    wrapped(call, call.text(2), call.text(1), true),
  ),
  define("abbrev", "pure", ["int", "string"], (call) => {
    const width = call.int(0);
    return width < 4n ? call.text(1) : abbreviatedText(call.text(1), 0n, width);
  }),
  define("abbrevboth", "pure", ["int", "int", "string"], (call) => {
    const offset = call.int(0);
    const width = call.int(1);
    const asIs = width < 4n || (offset > 0n && width < 7n);
    return asIs ? call.text(2) : abbreviatedText(call.text(2), offset, width);
  }),
];

function abbreviatedText(text: string, offset: bigint, width: bigint): string {
  const bytes = toByteString(text);
  // No offset or width beyond the text means more than its end.
  const limit = BigInt(bytes.length) + 1n;
  const small = (number: bigint): number => Number(number > limit ? limit : number < 0n ? 0n : number);
  return fromByteString(abbreviated(bytes, small(offset), small(width < 4n ? 4n : width)));
}

/** Cuts the end, and with an offset above 4 the start too, and puts three dots there. */
function abbreviated(bytes: string, offset: number, width: number): string {
  if (bytes.length <= width) return bytes;
  const room = width - 3;
  const start = Math.min(offset, bytes.length - room);
  if (start <= 4) return `${bytes.slice(0, room)}...`;
  if (width < 7) return "";
  if (start + room < bytes.length) return `...${abbreviated(bytes.slice(start), 0, room)}`;
  return `...${bytes.slice(-room)}`;
}

function wrapped(call: Invocation, text: string, separator: string, breakWords: boolean): string {
  const bytes = toByteString(text);
  const limit = call.int(0) > BigInt(bytes.length) ? bytes.length : Math.max(1, Number(call.int(0)));
  const lines = breakLines(bytes, Math.max(1, limit), breakWords);
  const newLine = toByteString(separator === "" ? "\n" : separator);
  call.chargeText(bytes.length + lines.length * newLine.length);
  return fromByteString(lines.join(newLine));
}

/** Breaks at the last space that fits. A longer word is cut or, in `wrap`, stands out. */
function breakLines(bytes: string, width: number, breakWords: boolean): string[] {
  const lines: string[] = [];
  let at = 0;
  while (bytes.length - at > width) {
    if (bytes[at] === " ") {
      at += 1;
      continue;
    }
    const fits = bytes.slice(at, at + width + 1).lastIndexOf(" ");
    const end = fits >= 0 ? at + fits : breakWords ? at + width : bytes.indexOf(" ", at + width);
    if (end < 0) return [...lines, bytes.slice(at)];
    lines.push(bytes.slice(at, end));
    at = fits < 0 && breakWords ? end : end + 1;
  }
  return [...lines, bytes.slice(at)];
}
