import type { GoStruct, Replay, TemplateContext, Traces } from "../../gotemplate/index.js";
import type { FilledPod } from "../skeleton/skeleton.js";
import { type Learned, PathSkeletons } from "./path-skeletons.js";
import type { TraceBudget } from "./trace-budget.js";

/** An execution by replay. */
export class Replayed {
  constructor(
    private readonly replay: Replay<PathSkeletons>,
    private readonly traces: CountedTraces,
  ) {}

  /** How long a text the template writes, in UTF-16 units. */
  get length(): number {
    const { path, dynamic } = this.replay;
    let { length } = path.payload;
    for (const text of dynamic) length += text.length;
    return length;
  }

  /** The partial pod; undefined where only the parser can tell. `trusts` is asked where a text could be structure. */
  fill(trusts: () => boolean): FilledPod | undefined {
    return this.replay.path.payload.fill(this.replay.dynamic, trusts);
  }

  /** Makes the skeleton that `fill` lacked, as far as the budget allows. `accepts` as in {@link CountedTraces.record}. */
  learn(accepts: () => boolean): Learned {
    return this.traces.extend(this.replay.path.payload, this.replay.dynamic, accepts);
  }
}

/**
 * Longer texts are not recorded: four sidecars are enough for all pods that others resemble, and 192 skeletons of what a single pod
 * can make a template write would be hundreds of megabytes.
 */
const longestRecorded = 32 * 1024;

const nothing: Learned = { recorded: false, settled: false };

/** Recordings of a template whose skeletons are paid for. */
export class CountedTraces {
  private skeletons = 0;

  constructor(
    private readonly traces: Traces<PathSkeletons>,
    private readonly budget: TraceBudget,
  ) {
    budget.count(this);
  }

  /** How many skeletons the paths have; a path counts as one at least. */
  get weight(): number {
    return Math.max(this.skeletons, this.traces.size);
  }

  /** Executes the template by an earlier recording; undefined where there is none for such data. */
  replay(data: GoStruct, context: TemplateContext): Replayed | undefined {
    this.budget.earn();
    const replay = this.traces.replay(data, context);
    if (replay === undefined) return undefined;
    return new Replayed(replay, this);
  }

  /**
   * Records an execution that wrote this text, as far as the budget allows.
   *
   * @param accepts is asked where a text of the pod could be structure: whether it does no harm
   */
  record(data: GoStruct, context: TemplateContext, text: string, accepts: () => boolean): Learned {
    if (text.length > longestRecorded || !this.budget.spend()) return nothing;
    let learned = nothing;
    const isNew = this.traces.record(data, context, text, ({ fixed, dynamic }) => {
      const skeletons = new PathSkeletons(fixed);
      learned = this.learn(skeletons, dynamic, accepts);
      return skeletons;
    });
    this.budget.settle();
    return { recorded: isNew, settled: learned.settled };
  }

  /** Forgets the path that was not used for longest, with its skeletons. */
  evict(): void {
    const evicted = this.traces.evict();
    this.skeletons = this.traces.size === 0 ? 0 : this.skeletons - (evicted?.size ?? 0);
  }

  /** Adds the skeleton for these strings to a path that lacks it, as far as the budget allows. `accepts` as in `record`. */
  extend(path: PathSkeletons, dynamic: readonly string[], accepts: () => boolean): Learned {
    return path.lacks(dynamic) && this.budget.spend() ? this.learn(path, dynamic, accepts) : nothing;
  }

  private learn(path: PathSkeletons, dynamic: readonly string[], accepts: () => boolean): Learned {
    const before = path.size;
    const learned = path.learn(dynamic, accepts);
    this.skeletons += path.size - before;
    this.budget.settle();
    return learned;
  }
}
