import type { ListStep } from "./align-lists.js";
import { OccupiedSlots } from "./occupied-slots.js";

/**
 * The items of a list while it is brought into another order. What is added or moved comes behind the items that have come to
 * their place, and before the next one that stays; items that wait to be moved may be among them. So each item that is kept
 * has two slots at most, where it was and where it comes to, and all slots have an order that is known from the beginning.
 */
export class Row {
  readonly #slots: OccupiedSlots;
  /** The slots of the old list's items that are kept, by their places in it. */
  readonly #old = new Map<number, number>();
  /** The slots of the items that are new or move, by their places in the new list. */
  readonly #new = new Map<number, number>();

  /** @param length of the old list */
  constructor(length: number, steps: readonly ListStep[]) {
    const gone = new Set(steps.flatMap((step) => (step.kind === "remove" ? [step.from] : [])));
    let slot = 0;
    let next = 0;
    /** The old list goes on as it is, up to a place. */
    const pass = (end: number): void => {
      for (; next < end; next++) if (!gone.has(next)) this.#old.set(next, slot++);
    };
    for (const step of steps) {
      if (step.kind === "keep") pass(step.from + 1);
      else if (step.kind !== "remove") this.#new.set(step.to, slot++);
    }
    pass(length);
    this.#slots = new OccupiedSlots(slot);
    for (const old of this.#old.values()) this.#slots.occupy(old);
  }

  /** The index of an item of the old list that did not move yet. */
  indexOf(from: number): number {
    return this.#slots.before(this.#old.get(from) ?? 0);
  }

  /** Adds a new item. Gives its index. */
  add(to: number): number {
    const slot = this.#new.get(to) ?? 0;
    this.#slots.occupy(slot);
    return this.#slots.before(slot);
  }

  /** Moves an item of the old list to its place. Gives the index it has then. */
  move(from: number, to: number): number {
    this.#slots.free(this.#old.get(from) ?? 0);
    return this.add(to);
  }
}
