/** The variables that a place in a text may use. A name counts as often as it was declared. */
export class VariableNames {
  private readonly declared = ["$"];
  private readonly counts = new Map([["$", 1]]);

  has(name: string): boolean {
    return this.counts.has(name);
  }

  declare(name: string): void {
    this.declared.push(name);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** What `release` goes back to. */
  mark(): number {
    return this.declared.length;
  }

  /** Forgets what was declared since the mark. */
  release(mark: number): void {
    for (const name of this.declared.splice(mark)) {
      const count = (this.counts.get(name) ?? 0) - 1;
      if (count > 0) this.counts.set(name, count);
      else this.counts.delete(name);
    }
  }
}
