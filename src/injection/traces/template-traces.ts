import type { Template, Traces } from "../../gotemplate/index.js";
import type { Message } from "../../mesh/index.js";
import { unrepeatableFunctions } from "../../sprig/index.js";
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

/** The recordings of one template of a snapshot. */
export class TemplateTraces {
  /** Recordings for pods that share a ProxyConfig: that of the mesh, and those of resources. */
  private readonly shared = new Map<Message, (CountedTraces | undefined)[]>();
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
    const known = this.shared.get(proxyConfig);
    if (known !== undefined) return known;
    if (this.shared.size >= mostProxyConfigs) return this.general;
    const group: (CountedTraces | undefined)[] = [];
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
