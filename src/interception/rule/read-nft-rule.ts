import { parseAddress, parsePrefix, prefixOf } from "../../go/index.js";
import type { RuleReason } from "../plan/planned-rule.js";
import { noNames, readNumber } from "./names.js";
import { readPortRange } from "./port-range.js";
import { protocolName } from "./protocol.js";
import type { Effect, Match, NumberRange, Rule } from "./rule.js";

/** Words of an nft rule: sets in braces and counters are several words. */
function words(text: string): string[] {
  return text
    .replaceAll(/([{},;])/g, " $1 ")
    .replaceAll('"', "")
    .split(/\s+/)
    .filter((word) => word !== "");
}

/**
 * Reads the expressions of one nft rule, in the words this program writes or in those `nft list` prints. One method
 * reads one expression; what is not known ends the rule as an unknown part.
 */
class NftRuleReader {
  readonly matches: Match[] = [];
  readonly effects: Effect[] = [];
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = words(text);
  }

  read(): void {
    while (this.#at < this.#words.length) {
      const start = this.#at;
      if (this.#statement(this.#next())) continue;
      this.matches.push({ kind: "unknown", text: this.#words.slice(start).join(" "), negated: false });
      return;
    }
  }

  #next(): string {
    return this.#words[this.#at++] ?? "";
  }

  #peek(): string {
    return this.#words[this.#at] ?? "";
  }

  /** Takes the word if it comes next. */
  #take(word: string): boolean {
    if (this.#peek() !== word) return false;
    this.#at++;
    return true;
  }

  #negated(): boolean {
    this.#take("==");
    return this.#take("!=");
  }

  #statement(word: string): boolean {
    switch (word) {
      case "counter":
        return this.#counter();
      case "iifname":
      case "oifname":
        this.matches.push({
          kind: word === "iifname" ? "in-interface" : "out-interface",
          negated: this.#negated(),
          name: this.#next(),
        });
        return true;
      case "ip":
      case "ip6":
        return this.#address(word === "ip" ? 4 : 6);
      case "tcp":
      case "udp":
        return this.#ports(word);
      case "meta":
        return this.#meta(this.#next());
      case "skuid":
      case "skgid":
      case "mark":
      case "cgroup":
      case "l4proto":
        return this.#meta(word);
      case "ct":
        return this.#conntrack(this.#next());
      case "tproxy":
        return this.#tproxy();
      case "redirect":
        return this.#redirect();
      default:
        return this.#verdict(word);
    }
  }

  #verdict(word: string): boolean {
    if (word === "return" || word === "accept" || word === "drop") this.effects.push({ kind: word });
    else if (word === "jump" || word === "goto") this.effects.push({ kind: word, chain: this.#next() });
    else return false;
    return true;
  }

  #counter(): boolean {
    if (this.#take("packets")) {
      this.#next();
      this.#take("bytes");
      this.#next();
    }
    return true;
  }

  #address(family: 4 | 6): boolean {
    const side = this.#next();
    const negated = this.#negated();
    const text = this.#next();
    const bare = parseAddress(text);
    const prefix = bare === undefined ? parsePrefix(text) : prefixOf(bare);
    if (prefix === undefined || (side !== "saddr" && side !== "daddr")) return false;
    this.matches.push({ kind: "family", family, negated: false });
    this.matches.push({ kind: side === "saddr" ? "source" : "destination", prefix, negated });
    return true;
  }

  #portSet(): readonly NumberRange[] | undefined {
    const texts: string[] = [];
    if (this.#take("{")) {
      while (this.#at < this.#words.length && !this.#take("}"))
        if (!this.#take(",")) texts.push(this.#next());
    } else texts.push(this.#next());
    const ranges = texts.map((text) => readPortRange(text, noNames));
    return ranges.includes(undefined) ? undefined : ranges.filter((range) => range !== undefined);
  }

  #ports(protocol: string): boolean {
    const side = this.#next();
    const negated = this.#negated();
    const ports = this.#portSet();
    if (ports === undefined || (side !== "sport" && side !== "dport")) return false;
    this.#protocol(protocol, false);
    this.matches.push({ kind: side === "sport" ? "source-port" : "destination-port", ports, negated });
    return true;
  }

  #protocol(protocol: string, negated: boolean): void {
    const known = this.matches.some((match) => match.kind === "protocol" && match.protocol === protocol);
    if (!known) this.matches.push({ kind: "protocol", protocol, negated });
  }

  #meta(key: string): boolean {
    if (key === "mark" && this.#take("set")) return this.#setMark();
    const negated = this.#negated();
    const text = this.#next();
    if (key === "l4proto") {
      this.#protocol(protocolName(text), negated);
      return true;
    }
    const value = readNumber(text);
    if (value === undefined) return false;
    if (key === "mark") this.matches.push({ kind: "mark", value, mask: 0xffffffff, negated });
    else if (key === "cgroup") this.matches.push({ kind: "cgroup", id: value, negated });
    else if (key === "skuid" || key === "skgid")
      this.matches.push({
        kind: key === "skuid" ? "uid" : "gid",
        ids: { low: value, high: value },
        negated,
        strict: true,
      });
    else return false;
    return true;
  }

  #setMark(): boolean {
    if (this.#take("ct")) {
      this.effects.push({ kind: "restore-mark" });
      return this.#take("mark");
    }
    const value = readNumber(this.#next());
    if (value === undefined) return false;
    const tproxy = this.effects.findIndex((effect) => effect.kind === "tproxy");
    const known = this.effects[tproxy];
    if (known?.kind === "tproxy") this.effects[tproxy] = { ...known, mark: value };
    else this.effects.push({ kind: "set-mark", value, mask: 0xffffffff });
    return true;
  }

  #conntrack(key: string): boolean {
    if (key === "mark" && this.#take("set")) {
      this.#take("meta");
      this.effects.push({ kind: "save-mark" });
      return this.#take("mark");
    }
    if (key === "zone" && this.#take("set")) {
      const id = readNumber(this.#next());
      if (id === undefined) return false;
      this.effects.push({ kind: "zone", id });
      return true;
    }
    const negated = this.#negated();
    const text = this.#next();
    if (key === "state") return this.#states(text, negated);
    const value = readNumber(text);
    if (key !== "mark" || value === undefined) return false;
    this.matches.push({ kind: "connmark", value, mask: 0xffffffff, negated });
    return true;
  }

  #states(first: string, negated: boolean): boolean {
    const states = [first.toUpperCase()];
    while (this.#take(",")) states.push(this.#next().toUpperCase());
    this.matches.push({ kind: "state", states, negated });
    return true;
  }

  #target(): number | undefined {
    return this.#take("to") ? readNumber(this.#next().replace(/^:/, "")) : undefined;
  }

  #tproxy(): boolean {
    const family = this.#next();
    const port = this.#target();
    if (port === undefined) return false;
    this.matches.push({ kind: "family", family: family === "ip6" ? 6 : 4, negated: false });
    this.effects.push({ kind: "tproxy", port, mark: undefined, mask: 0xffffffff, strict: false });
    return true;
  }

  #redirect(): boolean {
    const port = this.#target();
    if (port === undefined) return false;
    this.effects.push({ kind: "redirect", port });
    return true;
  }
}

/** Reads one native nft rule. What cannot be read becomes an `unknown` part. */
export function readNftRule(expression: string, reason?: RuleReason): Rule {
  const reader = new NftRuleReader(expression);
  reader.read();
  return { text: expression, matches: reader.matches, effects: reader.effects, reason };
}
