/** A row of slots, some of which are occupied. Tells and changes in log n steps how many are before one: a Fenwick tree. */
export class OccupiedSlots {
  readonly #sums: Int32Array;

  constructor(length: number) {
    this.#sums = new Int32Array(length + 1);
  }

  /** Occupies a slot that is free. */
  occupy(slot: number): void {
    this.#add(slot, 1);
  }

  /** Frees a slot that is occupied. */
  free(slot: number): void {
    this.#add(slot, -1);
  }

  /** How many slots before this one are occupied. */
  before(slot: number): number {
    let sum = 0;
    for (let at = slot; at > 0; at -= at & -at) sum += this.#sums[at] ?? 0;
    return sum;
  }

  #add(slot: number, change: number): void {
    const sums = this.#sums;
    for (let at = slot + 1; at < sums.length; at += at & -at) sums[at] = (sums[at] ?? 0) + change;
  }
}
