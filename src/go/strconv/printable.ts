import { printableEdges } from "./printable.generated.js";

/** Where runes begin and end to be printable, in order: the first is printable, and all up to the second. */
const edges = readEdges(printableEdges);

function readEdges(steps: string): Uint32Array {
  let edge = 0;
  return Uint32Array.from(steps.split(" "), (step) => {
    edge += Number.parseInt(step, 36);
    return edge;
  });
}

/**
 * Whether Go prints a rune as itself in quoted text, as strconv.IsPrint says. Go's own table decides, since a JavaScript engine
 * may know characters of a later Unicode.
 */
export function isPrint(codePoint: number): boolean {
  if (codePoint < 0x7f) return codePoint >= 0x20;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= codePoint) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
