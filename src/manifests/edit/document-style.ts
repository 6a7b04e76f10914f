import type { SourceNode, SourceSlot } from "../source/source-node.js";
import type { Quote } from "./yaml-scalar.js";

/** How a document is written, so that what is added looks like what is there. */
export interface DocumentStyle {
  readonly json: boolean;
  readonly newline: "\n" | "\r\n";
  /** Columns from a mapping to a mapping inside it. */
  readonly step: number;
  /** Columns from a key to the dashes of its list. */
  readonly listStep: number;
  readonly quote: Quote;
  /** What stands in flow style between a colon and its value. */
  readonly colonSpace: string;
  /** What stands in flow style on one line behind a comma. */
  readonly commaSpace: string;
}

/** What an author shows of his style in one document. */
interface Evidence {
  readonly steps: Map<number, number>;
  readonly listSteps: Map<number, number>;
  single: number;
  double: number;
}

/** Finds out how a document is written. Where it shows nothing, kubectl's way is taken. */
export function detectStyle(text: string, root: SourceSlot, json: boolean): DocumentStyle {
  const evidence: Evidence = { steps: new Map(), listSteps: new Map(), single: 0, double: 0 };
  const body = text.slice(root.start, root.value.end);
  visit(root.value, 0, { text, evidence });
  const jsonStep = /[[{]\r?\n( +|\t)/.exec(body)?.[1];
  return {
    json,
    newline: /\r\n/.test(text.slice(root.start)) ? "\r\n" : "\n",
    step: json ? (jsonStep?.length ?? 2) : (mostOften(evidence.steps) ?? 2),
    listStep: mostOften(evidence.listSteps) ?? 0,
    quote: evidence.single > evidence.double ? "single" : "double",
    colonSpace: json && /"\s*:[^\s]/.test(body) && !/"\s*:\s/.test(body) ? "" : " ",
    commaSpace: json && /,[^\s]/.test(body) && !/, /.test(body) ? "" : " ",
  };
}

function mostOften(counts: ReadonlyMap<number, number>): number | undefined {
  return [...counts].reduce<[number, number] | undefined>(
    (best, entry) => (best && best[1] >= entry[1] ? best : entry),
    undefined,
  )?.[0];
}

/** The column of an offset: the number of characters before it on its line, a byte order mark aside. */
export function columnAt(text: string, offset: number): number {
  const line = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  return offset - line - (text[line] === "\ufeff" ? 1 : 0);
}

function visit(node: SourceNode, column: number, world: { text: string; evidence: Evidence }): void {
  const { text, evidence } = world;
  if (node.kind === "scalar") {
    if (node.style === "single") evidence.single++;
    if (node.style === "double") evidence.double++;
    return;
  }
  if (node.kind !== "map" && node.kind !== "list") return;
  for (const entry of node.entries) {
    const inner = entry.value;
    const here = node.flow ? column : columnAt(text, entry.start);
    if (node.kind === "map" && !node.flow && (inner.kind === "map" || inner.kind === "list") && !inner.flow) {
      const counts = inner.kind === "map" ? evidence.steps : evidence.listSteps;
      const difference = columnAt(text, inner.start) - here;
      if (difference >= 0 && difference <= 16) counts.set(difference, (counts.get(difference) ?? 0) + 1);
    }
    visit(inner, here, world);
  }
}
