import { hasRawBytes } from "../utf8.js";
import { isTrue } from "../is-true.js";
import type { Value } from "../value.js";
import type { Run } from "../run.js";
import { Frame, type Operation } from "./operation.js";
import type { Guard, Recording, Step } from "./recorder.js";
import { shapeOf } from "./shape-of.js";

/** What an execution has in common with all that take the same path. */
export interface Path<T> {
  /** What was written, whatever the data are: one text more than there are dynamic ones, which stand between them. */
  readonly fixed: readonly string[];
  /** What the owner of the tree keeps for the path. */
  payload: T;
}

/** An execution by replay. */
export interface Replay<T> {
  readonly path: Path<T>;
  /** What was written between the fixed texts. */
  readonly dynamic: readonly string[];
}

/** Work without a question, then a question or the end. */
interface Stretch<T> {
  readonly work: readonly Operation[];
  readonly end: Fork<T> | Leaf<T>;
}

interface Fork<T> {
  readonly kind: Guard["kind"];
  readonly operation: Operation;
  readonly next: Map<string | boolean, Stretch<T>>;
}

interface Leaf<T> extends Path<T> {
  readonly kind: "leaf";
  readonly dynamic: readonly Operation[];
  readonly operations: number;
  used: number;
}

/** A longer text takes the way that charges for texts. */
const longestText = 65_536;

/** The recordings of one template, as a tree that branches where executions went different ways. */
export class TraceTree<T> {
  private root: Stretch<T> | undefined;
  private operations = 0;
  private tick = 0;
  private readonly leaves = new Set<Leaf<T>>();

  /** How many paths there are. */
  get size(): number {
    return this.leaves.size;
  }

  /**
   * Executes the template by its recordings. Undefined when no path was recorded for these data, or when a text needs more
   * than to be copied.
   *
   * Throws whatever a function throws: the template itself must then say what is wrong.
   */
  replay(run: Run, data: Value): Replay<T> | undefined {
    if (this.root === undefined) return undefined;
    const frame = new Frame(run, data, this.operations);
    let { work, end } = this.root;
    for (;;) {
      for (const operation of work) frame.value(operation);
      if (end.kind === "leaf") return this.finish(frame, end);
      const value = frame.value(end.operation);
      const next = end.next.get(end.kind === "truth" ? isTrue(value) : shapeOf(value));
      if (next === undefined) return undefined;
      ({ work, end } = next);
    }
  }

  private finish(frame: Frame, leaf: Leaf<T>): Replay<T> | undefined {
    const dynamic: string[] = [];
    for (const operation of leaf.dynamic) {
      const text = frame.value(operation);
      if (typeof text !== "string" || text.length > longestText || hasRawBytes(text)) return undefined;
      dynamic.push(text);
    }
    this.tick += 1;
    leaf.used = this.tick;
    return { path: leaf, dynamic };
  }

  /** Adds a recording, unless there is one of its path. True when it did. */
  add({ steps, fixed, dynamic, operations }: Recording, payload: T): boolean {
    this.tick += 1;
    const leaf: Leaf<T> = { kind: "leaf", fixed, dynamic, operations, payload, used: this.tick };
    const added = this.insert(this.root, steps, 0, leaf);
    if (added === undefined) return false;
    this.root = added;
    this.leaves.add(leaf);
    this.operations = Math.max(this.operations, operations);
    return true;
  }

  /** The stretch with a leaf added behind these steps; undefined when there is one already. */
  private insert(
    stretch: Stretch<T> | undefined,
    steps: readonly Step[],
    start: number,
    leaf: Leaf<T>,
  ): Stretch<T> | undefined {
    const asked = steps.findIndex((step, at) => at >= start && "answer" in step);
    const question = steps[asked];
    if (question === undefined || !("answer" in question))
      return stretch === undefined ? { work: work(steps.slice(start)), end: leaf } : undefined;
    const { kind, operation, answer } = question;
    const fork = stretch?.end ?? { kind, operation, next: new Map<string | boolean, Stretch<T>>() };
    if (fork.kind === "leaf") return undefined;
    const next = this.insert(fork.next.get(answer), steps, asked + 1, leaf);
    if (next === undefined) return undefined;
    fork.next.set(answer, next);
    return stretch ?? { work: work(steps.slice(start, asked)), end: fork };
  }

  /** Forgets the path that was not used for longest, and returns what was kept for it. */
  evict(): T | undefined {
    let oldest: Leaf<T> | undefined;
    for (const leaf of this.leaves) if (oldest === undefined || leaf.used < oldest.used) oldest = leaf;
    if (oldest === undefined) return undefined;
    this.leaves.delete(oldest);
    if (this.root !== undefined && without(this.root, oldest)) this.root = undefined;
    return oldest.payload;
  }
}

function work(steps: readonly Step[]): Operation[] {
  return steps.filter((step): step is Operation => !("answer" in step));
}

/** Takes a leaf out of a stretch; true when nothing is left of it. */
function without<T>({ end }: Stretch<T>, leaf: Leaf<T>): boolean {
  if (end.kind === "leaf") return end === leaf;
  for (const [answer, next] of end.next) {
    if (!without(next, leaf)) continue;
    end.next.delete(answer);
    return end.next.size === 0;
  }
  return false;
}
