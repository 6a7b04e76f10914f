import type { GoStruct, Template, TemplateContext, Traces } from "../../gotemplate/index.js";
import { joined } from "../../gotemplate/index.js";
import type { Message } from "../../mesh/index.js";
import { unrepeatableFunctions } from "../../sprig/index.js";
import type { FilledPod } from "../skeleton/skeleton.js";
import { lookups } from "./lookups.js";
import { PathSkeletons } from "./path-skeletons.js";
import type { TraceBudget } from "./trace-budget.js";

/** What most pods have in common beside the snapshot: a recording holds for pods that share it. */
export interface Surroundings {
  /** The settings of the proxy. They are one object for all pods that share them. */
  readonly proxyConfig: Message;
  readonly nativeSidecars: boolean;
}

/** An execution by replay that no skeleton could be filled from, or that must be looked at first. */
export interface Replayed {
  readonly dynamic: readonly string[];
  /** The text as the template writes it. */
  text(): string;
  /** The partial pod; undefined where only the parser can tell. */
  fill(): FilledPod | undefined;
  /** Makes what `fill` lacked, as far as the budget allows. True when it did. */
  learn(): boolean;
}

/** The same for every pod of a snapshot. */
const fixedFields: readonly string[] = ["Values", "Revision", "CompliancePolicy"];
/** How many settings of the proxy have recordings of their own. */
const mostProxyConfigs = 8;

/** The recordings of one template of a snapshot. */
export class TemplateTraces {
  /** Recordings for pods that share a ProxyConfig, those used last behind. */
  private readonly shared = new Map<Message, (Traces<PathSkeletons> | undefined)[]>();
  /** Recordings in which the ProxyConfig is data. */
  private readonly general: (Traces<PathSkeletons> | undefined)[] = [];
  private readonly seen = new WeakSet<Message>();
  private readonly repeatable: boolean;

  constructor(
    private readonly template: Template,
    /** Fields of dot that are the same for every pod, beside those that are so in every snapshot. */
    private readonly alsoFixed: readonly string[],
    private readonly budget: TraceBudget,
  ) {
    this.repeatable = this.begin([]) !== undefined;
  }

  /** Executes the template by an earlier recording; undefined where there is none for such a pod. */
  replay(data: GoStruct, surroundings: Surroundings, context: TemplateContext): Replayed | undefined {
    if (!this.repeatable) return undefined;
    this.budget.earn();
    const replay = this.traces(surroundings)?.replay(data, context);
    if (replay === undefined) return undefined;
    const { path, dynamic } = replay;
    return {
      dynamic,
      text: () => joined(path.fixed, dynamic),
      fill: () => path.payload.fill(dynamic),
      learn: () => {
        if (!path.payload.lacks(dynamic) || !this.budget.spend()) return false;
        path.payload.learn(dynamic);
        return true;
      },
    };
  }

  /** Records an execution that wrote this text, as far as the budget allows. True when it did. */
  record(data: GoStruct, surroundings: Surroundings, context: TemplateContext, text: string): boolean {
    if (!this.repeatable || !this.budget.spend()) return false;
    const traces = this.traces(surroundings);
    if (traces === undefined) return false;
    const before = traces.size;
    traces.record(data, context, text, ({ fixed, dynamic }) => {
      const skeletons = new PathSkeletons(fixed);
      skeletons.learn(dynamic);
      return skeletons;
    });
    this.budget.keep(traces);
    return traces.size !== before;
  }

  private traces({ proxyConfig, nativeSidecars }: Surroundings): Traces<PathSkeletons> | undefined {
    const group = this.group(proxyConfig);
    const at = nativeSidecars ? 1 : 0;
    const known = group[at];
    if (known !== undefined) return known;
    const fixed = group === this.general ? ["NativeSidecars"] : ["NativeSidecars", "ProxyConfig"];
    const traces = this.begin(fixed);
    group[at] = traces;
    return traces;
  }

  /** Settings that are met again are shared by more than one pod. */
  private group(proxyConfig: Message): (Traces<PathSkeletons> | undefined)[] {
    const known = this.shared.get(proxyConfig);
    if (known !== undefined) {
      if (this.shared.size === mostProxyConfigs) {
        this.shared.delete(proxyConfig);
        this.shared.set(proxyConfig, known);
      }
      return known;
    }
    if (!this.seen.has(proxyConfig)) {
      this.seen.add(proxyConfig);
      return this.general;
    }
    const [oldest] = this.shared;
    if (oldest !== undefined && this.shared.size >= mostProxyConfigs) {
      this.shared.delete(oldest[0]);
      for (const traces of oldest[1]) if (traces !== undefined) this.budget.drop(traces);
    }
    const group: (Traces<PathSkeletons> | undefined)[] = [];
    this.shared.set(proxyConfig, group);
    return group;
  }

  private begin(fixed: readonly string[]): Traces<PathSkeletons> | undefined {
    const all = new Set([...fixedFields, ...this.alsoFixed, ...fixed]);
    return this.template.traces<PathSkeletons>({
      isRepeatable: (name) => !unrepeatableFunctions.has(name),
      mapFunction: "dict",
      lookups,
      isFixed: (field) => all.has(field),
    });
  }
}
