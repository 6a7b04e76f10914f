import { endText } from "./chain-end-text.js";
import type { ChainVisit, RulePlace, RuleVisit, TableVisit, Trace } from "./trace.js";
import { verdictText } from "./verdict-text.js";

/** One line of the picture. */
export interface PictureRow {
  readonly kind: "table" | "chain" | "rule" | "decider" | "effect" | "quiet";
  /** How deep in chains, counted from 0. */
  readonly depth: number;
  readonly text: string;
}

/** One box of the picture: a hook with what happened there, or a station without rules. */
export interface PictureBox {
  readonly kind: "start" | "hook" | "note" | "verdict";
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly PictureRow[];
}

const hookTitles = {
  PREROUTING: "coming in",
  INPUT: "for a socket of the pod",
  FORWARD: "passing through",
  OUTPUT: "leaving a process",
  POSTROUTING: "going out",
} as const;

function quietly(count: number, what: string): string {
  return count === 1 ? `1 rule ${what}` : `${count} rules ${what}`;
}

class RowCollector {
  readonly rows: PictureRow[] = [];

  constructor(private readonly decidedBy: RulePlace | undefined) {}

  table(visit: TableVisit): void {
    this.#add("table", 0, visit.table);
    if (visit.chain === undefined) this.#add("quiet", 0, visit.note ?? "not asked");
    else this.#chain(visit.chain, 0);
  }

  #add(kind: PictureRow["kind"], depth: number, text: string): void {
    this.rows.push({ kind, depth, text });
  }

  #chain(chain: ChainVisit, depth: number): void {
    if (depth > 0) this.#add("chain", depth, chain.chain);
    let missed = 0;
    for (const visit of chain.visits) {
      if (!visit.matched && !visit.uncertain) {
        missed++;
        continue;
      }
      this.#missed(missed, depth);
      missed = 0;
      this.#rule(chain, visit, depth);
    }
    this.#missed(missed, depth);
    const last = chain.visits.at(-1);
    // A rule that ended the chain has said so itself, or the chain it led into has.
    const said = last?.matched === true && (last.entered === undefined || chain.end === "captured");
    if (!said) this.#add("quiet", depth, endText(chain.end));
  }

  #missed(count: number, depth: number): void {
    if (count > 0) this.#add("quiet", depth, quietly(count, count === 1 ? "does not match" : "do not match"));
  }

  #rule(chain: ChainVisit, visit: RuleVisit, depth: number): void {
    const decides = this.decidedBy?.rule === visit.rule && this.decidedBy.chain === chain.chain;
    this.#add(decides ? "decider" : "rule", depth, visit.rule.text);
    const did = visit.matched ? visit.did : visit.because;
    if (did !== undefined) this.#add("effect", depth, did);
    if (visit.entered !== undefined) this.#chain(visit.entered, depth + 1);
  }
}

/** Turns a trace into boxes from top to bottom, with only the rules that mattered. */
export function pictureBoxes(trace: Trace): readonly PictureBox[] {
  const boxes: PictureBox[] = [];
  for (const [index, step] of trace.steps.entries()) {
    if (step.kind === "note") {
      boxes.push({ kind: index === 0 ? "start" : "note", title: step.text, subtitle: "", rows: [] });
      continue;
    }
    const asked = step.tables.filter((visit) => visit.chain !== undefined || visit.note !== undefined);
    const collector = new RowCollector(trace.verdict.decidedBy);
    for (const visit of asked) collector.table(visit);
    const on = step.interface === undefined ? "" : ` on ${step.interface}`;
    const nothing = asked.length === 0 ? ": no rules here" : "";
    boxes.push({
      kind: "hook",
      title: step.hook,
      subtitle: `${hookTitles[step.hook]}${on}${nothing}`,
      rows: collector.rows,
    });
  }
  boxes.push({ kind: "verdict", title: verdictText(trace.verdict), subtitle: "", rows: [] });
  return boxes;
}
