import { hasRawBytes } from "../../go/index.js";
import { isTrue } from "../is-true.js";
import { printedText } from "../printed-text.js";
import type { Run } from "../run.js";
import type { Value } from "../value.js";
import { type Frame, noEntries, type Operation } from "./operation.js";
import type { Question, Recording, Step, Written } from "./recorder.js";
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

/** Work without a question, then a question or the end. Operands come before what is computed from them. */
interface Stretch<T> {
  readonly work: readonly Operation[];
  readonly end: Fork<T> | Leaf<T>;
}

/** A question, and how each answer that was met goes on. */
class Fork<T> {
  readonly kind: Question["kind"];
  /** The question before; undefined for the first. */
  readonly above: Fork<T> | undefined;
  private readonly index: number;
  private readonly key: string;
  private whenTrue: Stretch<T> | undefined;
  private whenFalse: Stretch<T> | undefined;
  private readonly whenShaped = new Map<string, Stretch<T>>();

  constructor({ kind, operation, key }: Question, above: Fork<T> | undefined) {
    this.kind = kind;
    this.above = above;
    this.index = operation.index;
    this.key = key;
  }

  follow({ values }: Frame): Stretch<T> | undefined {
    const value = values[this.index];
    switch (this.kind) {
      case "absence":
        return value === noEntries || lacks(value, this.key) ? this.whenTrue : this.whenFalse;
      case "truth":
        return isTrue(value) ? this.whenTrue : this.whenFalse;
      case "shape":
        return this.whenShaped.get(shapeOf(value));
    }
  }

  get(answer: string | boolean): Stretch<T> | undefined {
    if (typeof answer === "string") return this.whenShaped.get(answer);
    return answer ? this.whenTrue : this.whenFalse;
  }

  set(answer: string | boolean, next: Stretch<T>): void {
    if (typeof answer === "string") this.whenShaped.set(answer, next);
    else if (answer) this.whenTrue = next;
    else this.whenFalse = next;
  }

  /** Forgets the answer that leads there; true when no answer is left. */
  remove(end: Fork<T> | Leaf<T>): boolean {
    if (this.whenTrue?.end === end) this.whenTrue = undefined;
    if (this.whenFalse?.end === end) this.whenFalse = undefined;
    for (const [shape, next] of this.whenShaped) if (next.end === end) this.whenShaped.delete(shape);
    return this.whenTrue === undefined && this.whenFalse === undefined && this.whenShaped.size === 0;
  }
}

function lacks(entries: Value, key: string): boolean {
  return typeof entries === "object" && entries !== null && !Object.hasOwn(entries, key);
}

interface Leaf<T> extends Path<T> {
  readonly kind: "leaf";
  /** What stands between the fixed texts. */
  readonly written: readonly Written[];
  /** The last question before it; undefined where there is none. */
  above: Fork<T> | undefined;
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
    const frame: Frame = { run, data, values: new Array<Value>(this.operations) };
    let stretch: Stretch<T> | undefined = this.root;
    while (stretch !== undefined) {
      const { work, end }: Stretch<T> = stretch;
      for (const operation of work) frame.values[operation.index] = operation.compute(frame);
      if (end.kind === "leaf") return this.finish(frame, end);
      stretch = end.follow(frame);
    }
    return undefined;
  }

  private finish({ run, values }: Frame, leaf: Leaf<T>): Replay<T> | undefined {
    const dynamic: string[] = [];
    for (const { index, node } of leaf.written) {
      const value = values[index];
      const text = typeof value === "string" ? value : printedText(run, node, value);
      if (text.length > longestText || hasRawBytes(text)) return undefined;
      dynamic.push(text);
    }
    this.tick += 1;
    leaf.used = this.tick;
    return { path: leaf, dynamic };
  }

  /** Adds a recording, unless there is one of its path. True when it did. */
  add({ steps, fixed, dynamic, operations }: Recording, payload: T): boolean {
    this.tick += 1;
    const leaf: Leaf<T> = {
      kind: "leaf",
      fixed,
      written: dynamic,
      payload,
      above: undefined,
      used: this.tick,
    };
    const added = this.insert(this.root, undefined, steps, 0, leaf, new Set());
    if (added === undefined) return false;
    this.root = added;
    this.leaves.add(leaf);
    this.operations = Math.max(this.operations, operations);
    return true;
  }

  /**
   * The stretch with a leaf added behind these steps; undefined when there is one already.
   * `above` is the question before it; `computed` tells which operations come before, by their indexes.
   */
  private insert(
    stretch: Stretch<T> | undefined,
    above: Fork<T> | undefined,
    steps: readonly Step[],
    start: number,
    leaf: Leaf<T>,
    computed: Set<number>,
  ): Stretch<T> | undefined {
    const asked = steps.findIndex((step, at) => at >= start && "answer" in step);
    const guard = steps[asked];
    if (guard === undefined || !("answer" in guard)) {
      if (stretch !== undefined) return undefined;
      leaf.above = above;
      return { work: workOf(steps.slice(start), computed), end: leaf };
    }
    const { question, answer } = guard;
    const work = workOf(steps.slice(start, asked + 1), computed);
    const fork = stretch?.end ?? new Fork<T>(question, above);
    if (fork.kind === "leaf") return undefined;
    const next = this.insert(fork.get(answer), fork, steps, asked + 1, leaf, computed);
    if (next === undefined) return undefined;
    fork.set(answer, next);
    return stretch ?? { work, end: fork };
  }

  /** Forgets the path that was not used for longest, and returns what was kept for it. */
  evict(): T | undefined {
    let oldest: Leaf<T> | undefined;
    for (const leaf of this.leaves) if (oldest === undefined || leaf.used < oldest.used) oldest = leaf;
    if (oldest === undefined) return undefined;
    this.leaves.delete(oldest);
    let gone: Fork<T> | Leaf<T> = oldest;
    while (gone.above?.remove(gone)) gone = gone.above;
    if (gone.above === undefined) this.root = undefined;
    return oldest.payload;
  }
}

/** What steps take that was not computed before, operands first. */
function workOf(steps: readonly Step[], computed: Set<number>): Operation[] {
  const work: Operation[] = [];
  const add = (operation: Operation) => {
    if (computed.has(operation.index)) return;
    operation.operands.forEach(add);
    computed.add(operation.index);
    work.push(operation);
  };
  for (const step of steps) add("answer" in step ? step.question.operation : step);
  return work;
}
