import { parseAddress } from "../../go/index.js";
import type { Effect, Rule, Table } from "../rule/rule.js";
import { evaluateMatch } from "./evaluate-match.js";
import { endpoint, type Flight } from "./flight.js";
import type { ChainEnd, ChainVisit, RulePlace, RuleVisit } from "./trace.js";

/** How deep chains may call each other before the walk gives up; the kernel refuses loops when it loads rules. */
const deepest = 64;

/** What a walk needs besides the packet. */
export interface WalkContext {
  readonly isLocal: (side: "source" | "destination") => boolean;
  /** The address a REDIRECT rewrites the destination to at this hook. */
  readonly redirectAddress: () => Flight["destination"];
  readonly transparentListener: boolean;
  /** Called for every rule that ended a chain or captured the packet. */
  readonly decided: (place: RulePlace, effect: Effect) => void;
  readonly uncertain: () => void;
}

interface Outcome {
  readonly did: string | undefined;
  readonly entered: ChainVisit | undefined;
  /** Undefined to go on with the next rule. */
  readonly end: ChainEnd | undefined;
  /** The condition inside an effect that failed (nft's tproxy without a listener). */
  readonly broke?: string;
}

const onward: Outcome = { did: undefined, entered: undefined, end: undefined };

/** Walks packets through the chains of one table. */
export class ChainWalk {
  constructor(
    private readonly table: Table,
    private readonly flight: Flight,
    private readonly context: WalkContext,
  ) {}

  /** Walks a chain the kernel entered by itself: a RETURN there is the policy. */
  hook(name: string): ChainVisit | undefined {
    const chain = this.table.chains.get(name);
    if (chain === undefined) return undefined;
    const visit = this.#chain(name, 0);
    if (visit.end !== "return" && visit.end !== "end") return visit;
    return { ...visit, end: chain.policy === "DROP" ? "drop" : "policy" };
  }

  #chain(name: string, depth: number): ChainVisit {
    const rules = this.table.chains.get(name)?.rules ?? [];
    const visits: RuleVisit[] = [];
    for (const [index, rule] of rules.entries()) {
      const [visit, end] = this.#rule(name, rule, index + 1, depth);
      visits.push(visit);
      if (end !== undefined)
        return { table: this.table.name, chain: name, visits, end, unseen: rules.length - index - 1 };
    }
    return { table: this.table.name, chain: name, visits, end: "end", unseen: 0 };
  }

  #rule(chain: string, rule: Rule, number: number, depth: number): [RuleVisit, ChainEnd | undefined] {
    for (const match of rule.matches) {
      const result = evaluateMatch(match, this.flight, this.context.isLocal);
      if (result.holds) continue;
      if (result.uncertain) this.context.uncertain();
      return [missed(rule, number, result.because, result.uncertain), undefined];
    }
    return this.#effects(chain, rule, number, depth);
  }

  #effects(chain: string, rule: Rule, number: number, depth: number): [RuleVisit, ChainEnd | undefined] {
    const place: RulePlace = { table: this.table.name, chain, number, rule };
    const did: string[] = [];
    let entered: ChainVisit | undefined;
    let end: ChainEnd | undefined;
    for (const effect of rule.effects) {
      const outcome = this.#effect(effect, depth);
      if (outcome.broke !== undefined) return [missed(rule, number, outcome.broke, false), undefined];
      if (outcome.did !== undefined) did.push(outcome.did);
      entered ??= outcome.entered;
      end = outcome.end;
      if (end === undefined) continue;
      // A chain that was entered has already told which of its rules decided.
      if (outcome.entered === undefined) this.context.decided(place, effect);
      break;
    }
    const text = did.length === 0 ? undefined : did.join("; ");
    return [{ rule, number, matched: true, because: undefined, did: text, entered, uncertain: false }, end];
  }

  #effect(effect: Effect, depth: number): Outcome {
    const flight = this.flight;
    switch (effect.kind) {
      case "jump":
      case "goto":
        return this.#enter(effect, depth);
      case "return":
        return { ...onward, did: "returns", end: "return" };
      case "accept":
        return { ...onward, did: "accepts", end: "accept" };
      case "drop":
        return { ...onward, did: "drops", end: "drop" };
      case "redirect":
        return this.#redirect(effect.port);
      case "dnat":
        return this.#translate(effect.to);
      case "tproxy":
        return this.#tproxy(effect);
      case "set-mark":
        flight.mark = ((flight.mark & ~effect.mask) ^ effect.value) >>> 0;
        return { ...onward, did: `sets the packet's mark to 0x${flight.mark.toString(16)}` };
      case "save-mark":
        flight.connmark = flight.mark;
        return { ...onward, did: `saves the mark 0x${flight.mark.toString(16)} with the connection` };
      case "restore-mark":
        flight.mark = flight.connmark;
        return { ...onward, did: `restores the mark 0x${flight.connmark.toString(16)} from the connection` };
      case "zone":
        return this.#zone(effect.id);
      case "no-track":
        return { ...onward, did: "is not tracked" };
      case "continue":
        return { ...onward, did: effect.text };
      case "unknown":
        this.context.uncertain();
        return { ...onward, did: `not understood: ${effect.text}` };
    }
  }

  #enter(effect: { kind: "jump" | "goto"; chain: string }, depth: number): Outcome {
    if (depth >= deepest || !this.table.chains.has(effect.chain)) {
      this.context.uncertain();
      return { ...onward, did: `cannot enter ${effect.chain}` };
    }
    const entered = this.#chain(effect.chain, depth + 1);
    const returned = entered.end === "end" || entered.end === "return";
    // Behind a goto the caller's rules are not asked again.
    const end = returned ? (effect.kind === "goto" ? "return" : undefined) : entered.end;
    return { did: undefined, entered, end };
  }

  #redirect(port: number): Outcome {
    this.flight.destination = this.context.redirectAddress();
    this.flight.destinationPort = port;
    const to = endpoint(this.flight.destination, port);
    return { ...onward, did: `redirects to ${to}`, end: "captured" };
  }

  #translate(to: string): Outcome {
    const [, address, port] = /^\[?([0-9a-fA-F:.]+?)\]?(?::(\d{1,5}))?$/.exec(to) ?? [];
    const read = address === undefined ? undefined : parseAddress(address);
    if (read === undefined || read.family !== this.flight.family) {
      this.context.uncertain();
      return { ...onward, did: `not understood: DNAT to ${to}` };
    }
    this.flight.destination = read;
    if (port !== undefined) this.flight.destinationPort = Number(port);
    return { ...onward, did: `rewrites the destination to ${to}`, end: "captured" };
  }

  #tproxy(effect: Extract<Effect, { kind: "tproxy" }>): Outcome {
    if (!this.context.transparentListener) {
      if (!effect.strict) return { ...onward, broke: `nothing listens transparently on port ${effect.port}` };
      return { ...onward, did: `drops: nothing listens transparently on port ${effect.port}`, end: "drop" };
    }
    const flight = this.flight;
    flight.tproxyPort = effect.port;
    if (effect.mark !== undefined) flight.mark = ((flight.mark & ~effect.mask) ^ effect.mark) >>> 0;
    return {
      ...onward,
      did: `hands the packet to the transparent listener on port ${effect.port}`,
      end: "captured",
    };
  }

  /** The first zone wins: conntrack is attached once. */
  #zone(id: number): Outcome {
    if (this.flight.zone !== undefined) return { ...onward, did: `is in zone ${this.flight.zone} already` };
    this.flight.zone = id;
    return { ...onward, did: `is tracked in zone ${id}` };
  }
}

function missed(rule: Rule, number: number, because: string, uncertain: boolean): RuleVisit {
  return { rule, number, matched: false, because, did: undefined, entered: undefined, uncertain };
}
