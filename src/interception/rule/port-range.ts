import { type Names, readNumber } from "./names.js";
import type { NumberRange } from "./rule.js";

function readPort(text: string, names: Names): number | undefined {
  const number = readNumber(text) ?? names.services.get(text);
  return number === undefined || number > 65535 ? undefined : number;
}

/** Reads a port, a name, or a range `80:90` (or `80-90`), where either end may be left out; undefined if it is none. */
export function readPortRange(text: string, names: Names): NumberRange | undefined {
  const single = readPort(text, names);
  if (single !== undefined) return { low: single, high: single };
  const [first, second, more] = text.split(text.includes(":") ? ":" : "-");
  if (second === undefined || more !== undefined) return undefined;
  const low = first === "" ? 0 : readPort(first ?? "", names);
  const high = second === "" ? 65535 : readPort(second, names);
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** Reads an id, a name, or a range `1-5`. */
export function readIdRange(text: string, names: ReadonlyMap<string, number>): NumberRange | undefined {
  const single = readNumber(text) ?? names.get(text);
  if (single !== undefined) return { low: single, high: single };
  const [first, second, more] = text.split("-");
  const low = readNumber(first ?? "");
  const high = readNumber(second ?? "");
  return low === undefined || high === undefined || more !== undefined ? undefined : { low, high };
}
