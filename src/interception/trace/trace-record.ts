import type { ChainVisit, RulePlace, RuleVisit, Trace, TraceStep } from "./trace.js";
import { verdictText } from "./verdict-text.js";

function ruleRecord(visit: RuleVisit): unknown {
  return {
    number: visit.number,
    rule: visit.rule.text,
    matched: visit.matched,
    ...(visit.because === undefined ? {} : { because: visit.because }),
    ...(visit.did === undefined ? {} : { did: visit.did }),
    ...(visit.rule.reason === undefined ? {} : { purpose: visit.rule.reason.purpose }),
    ...(visit.uncertain ? { uncertain: true } : {}),
    ...(visit.entered === undefined ? {} : { entered: chainRecord(visit.entered) }),
  };
}

function chainRecord(chain: ChainVisit): unknown {
  return { chain: chain.chain, rules: chain.visits.map(ruleRecord), unseen: chain.unseen, end: chain.end };
}

function stepRecord(step: TraceStep): unknown {
  if (step.kind === "note") return { note: step.text };
  return {
    hook: step.hook,
    ...(step.interface === undefined ? {} : { interface: step.interface }),
    tables: step.tables.map((visit) => ({
      table: visit.table,
      ...(visit.note === undefined ? {} : { note: visit.note }),
      ...(visit.chain === undefined ? {} : { chain: chainRecord(visit.chain) }),
    })),
  };
}

function placeRecord(place: RulePlace): unknown {
  return { table: place.table, chain: place.chain, number: place.number, rule: place.rule.text };
}

/** A trace as plain values for JSON. */
export function traceRecord(trace: Trace): unknown {
  const { decidedBy, ...verdict } = trace.verdict;
  return {
    verdict: {
      ...verdict,
      text: verdictText(trace.verdict),
      ...(decidedBy === undefined ? {} : { decidedBy: placeRecord(decidedBy) }),
    },
    steps: trace.steps.map(stepRecord),
  };
}
