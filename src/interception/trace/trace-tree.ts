import { type Origins, reasonText } from "../print/explain.js";
import { endText } from "./chain-end-text.js";
import type { ChainVisit, RulePlace, RuleVisit, TableVisit, Trace, TraceStep } from "./trace.js";
import { placeText, verdictText } from "./verdict-text.js";

/** How a trace is printed. */
export interface TreeOptions {
  /** Shows the rules that did not match, too, with what kept them from it. */
  readonly all: boolean;
  readonly origins: Origins;
}

class TreePrinter {
  readonly lines: string[] = [];

  constructor(
    private readonly options: TreeOptions,
    private readonly decidedBy: RulePlace | undefined,
  ) {}

  step(step: TraceStep): void {
    if (step.kind === "note") {
      this.lines.push(`· ${step.text}`);
      return;
    }
    this.lines.push(`${step.hook}${step.interface === undefined ? "" : ` (${step.interface})`}`);
    if (step.tables.length === 0) this.lines.push("└─ no rules");
    for (const [index, visit] of step.tables.entries()) this.#table(visit, index === step.tables.length - 1);
  }

  #table(visit: TableVisit, last: boolean): void {
    const [branch, indent] = last ? ["└─ ", "   "] : ["├─ ", "│  "];
    if (visit.chain === undefined) this.lines.push(`${branch}${visit.table}: ${visit.note ?? "not asked"}`);
    else {
      this.lines.push(`${branch}${visit.table} ${visit.chain.chain}`);
      this.#chain(visit.chain, indent);
    }
  }

  #chain(chain: ChainVisit, indent: string): void {
    const shown = chain.visits.filter((visit) => this.options.all || visit.matched || visit.uncertain);
    for (const visit of shown) this.#rule(chain, visit, indent);
    this.lines.push(`${indent}└─ ${endText(chain.end)}`);
  }

  #rule(chain: ChainVisit, visit: RuleVisit, indent: string): void {
    const decides =
      this.decidedBy?.rule === visit.rule &&
      this.decidedBy.chain === chain.chain &&
      this.decidedBy.number === visit.number;
    const mark = decides ? "➤" : visit.matched ? "✓" : "–";
    const note = visit.matched ? visit.did : visit.because;
    const text = `${indent}├─ ${mark} ${visit.number}: ${visit.rule.text}${note === undefined ? "" : `   ← ${note}`}`;
    this.lines.push(decides ? `${text}   ◀ decides` : text);
    if (visit.matched && visit.rule.reason !== undefined)
      this.lines.push(`${indent}│      ${reasonText(visit.rule.reason, this.options.origins)}`);
    if (visit.entered === undefined) return;
    this.lines.push(`${indent}│  ${visit.entered.chain}`);
    this.#chain(visit.entered, `${indent}│  `);
  }
}

/** A trace as a tree of hooks, tables, chains and rules; the deciding rule is marked, the verdict comes last. */
export function traceTree(trace: Trace, options: TreeOptions = { all: false, origins: new Map() }): string {
  const printer = new TreePrinter(options, trace.verdict.decidedBy);
  for (const step of trace.steps) printer.step(step);
  const { decidedBy } = trace.verdict;
  printer.lines.push(`⇒ ${verdictText(trace.verdict)}`);
  printer.lines.push(decidedBy === undefined ? "  no rule decided" : `  decided by ${placeText(decidedBy)}`);
  return `${printer.lines.join("\n")}\n`;
}
