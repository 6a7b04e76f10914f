export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A clock that jumps from event to event. Handlers run one after the other; one may wait for real cryptography. */
export class VirtualTime {
  /** The true time, milliseconds since 1970. */
  now: number;
  readonly #heap: Event[] = [];
  #sequence = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** Runs a handler after a delay; handlers of one moment run in the order in which they were asked for. */
  after(delay: number, run: () => void | Promise<void>): void {
    this.#push({ at: this.now + Math.max(0, delay), sequence: this.#sequence++, run });
  }

  /**
   * Lets events happen up to a time, then stands at it. `each` looks on after every event.
   *
   * @throws Error when events follow each other without end
   */
  async runUntil(end: number, each: () => void): Promise<void> {
    // An event a second is more than anybody needs for long.
    const limit = 100_000 + (end - this.now) / second;
    for (let events = 0; ; events++) {
      if (events > limit) throw new Error("events follow each other without end");
      const [first] = this.#heap;
      if (first === undefined || first.at > end) break;
      this.#pop();
      this.now = Math.max(this.now, first.at);
      await first.run();
      each();
    }
    this.now = end;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      const child = b !== undefined && a !== undefined && before(b, a) ? left + 1 : left;
      const below = heap[child];
      if (below === undefined || before(last, below)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

interface Event {
  readonly at: number;
  readonly sequence: number;
  readonly run: () => void | Promise<void>;
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

/** Random numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
