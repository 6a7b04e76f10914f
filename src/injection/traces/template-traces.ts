import type { Template, Traces } from "../../gotemplate/index.js";
import type { Message } from "../../mesh/index.js";
import { CountedTraces } from "./counted-traces.js";
import { lookups } from "./lookups.js";
import type { PathSkeletons } from "./path-skeletons.js";
import type { TraceBudget } from "./trace-budget.js";

/** What most pods have in common beside the snapshot: a recording holds for pods that share it. */
export interface Surroundings {
  /** The settings of the proxy. They are one object for all pods that share them. */
  readonly proxyConfig: Message;
  /** Whether the pod itself has a say in them. */
  readonly ownProxyConfig: boolean;
  readonly nativeSidecars: boolean;
}

/** The same for every pod of a snapshot. */
const fixedFields: readonly string[] = ["Values", "Revision", "CompliancePolicy"];
/** How many settings of the proxy have recordings of their own. */
const mostProxyConfigs = 8;
/**
 * Settings that no pod of so many had give way to others: most likely they are gone, for each change of a ProxyConfig makes
 * new ones. To record anew what was given up costs about as much as three executions, so settings that take
 * turns cost the pods in between less than one hundredth.
 */
const longestUnused = 512;

/** The recordings for pods that share settings of the proxy. */
interface Group {
  /** By whether sidecars are native. */
  readonly traces: (CountedTraces | undefined)[];
  /** When it was used last, in pods. */
  usedAt: number;
}

/** The recordings of one template of a snapshot. */
export class TemplateTraces {
  /** Recordings for pods that share a ProxyConfig: that of the mesh, and those of resources. */
  private readonly shared = new Map<Message, Group>();
  private pods = 0;
  /** Recordings in which the ProxyConfig is data. */
  private readonly general: (CountedTraces | undefined)[] = [];
  private readonly repeatable: boolean;

  constructor(
    private readonly template: Template,
    /** Fields of dot that are the same for every pod, beside those that are so in every snapshot. */
    private readonly alsoFixed: readonly string[],
    private readonly budget: TraceBudget,
  ) {
    this.repeatable = this.begin([]) !== undefined;
  }

  /** The recordings for pods with these surroundings; undefined for a template that cannot be recorded. */
  of(surroundings: Surroundings): CountedTraces | undefined {
    if (!this.repeatable) return undefined;
    const group = this.group(surroundings);
    const at = surroundings.nativeSidecars ? 1 : 0;
    const known = group[at];
    if (known !== undefined) return known;
    const traces = this.begin(
      group === this.general ? ["NativeSidecars"] : ["NativeSidecars", "ProxyConfig"],
    );
    if (traces === undefined) return undefined;
    const counted = new CountedTraces(traces, this.budget);
    group[at] = counted;
    return counted;
  }

  /** Settings of few pods have no recordings of their own. */
  private group({ proxyConfig, ownProxyConfig }: Surroundings): (CountedTraces | undefined)[] {
    if (ownProxyConfig) return this.general;
    const usedAt = this.pods++;
    const known = this.shared.get(proxyConfig);
    if (known !== undefined) {
      known.usedAt = usedAt;
      return known.traces;
    }
    if (this.shared.size >= mostProxyConfigs && !this.forgetUnused()) return this.general;
    const group: Group = { traces: [], usedAt };
    this.shared.set(proxyConfig, group);
    return group.traces;
  }

  /** Forgets the settings that were not used for longest, if that is long ago. True when it did. */
  private forgetUnused(): boolean {
    let oldest: [Message, Group] | undefined;
    for (const entry of this.shared)
      if (oldest === undefined || entry[1].usedAt < oldest[1].usedAt) oldest = entry;
    if (oldest === undefined || this.pods - oldest[1].usedAt <= longestUnused) return false;
    const [proxyConfig, { traces }] = oldest;
    this.shared.delete(proxyConfig);
    for (const one of traces) if (one !== undefined) this.budget.forget(one);
    return true;
  }

  private begin(fixed: readonly string[]): Traces<PathSkeletons> | undefined {
    const all = new Set([...fixedFields, ...this.alsoFixed, ...fixed]);
    return this.template.traces<PathSkeletons>({
      mapFunction: "dict",
      lookups,
      isFixed: (field) => all.has(field),
    });
  }
}
