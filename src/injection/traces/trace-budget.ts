/** Something that keeps paths and can forget the one not used for longest. */
interface PathKeeper {
  /** What it keeps, in skeletons. */
  readonly weight: number;
  evict(): void;
}

const mostSkeletons = 192;
const mostCredits = 64;
/** A pod pays for an eighth of a recording. */
const creditOfPod = 1 / 8;

/**
 * What a snapshot may spend on paths, whatever pods come: so many skeletons are kept, and of many new paths most are not
 * recorded. A recording with its skeleton costs about as much as three executions, so pods that each take a path of their
 * own make rendering dearer by less than a half.
 */
export class TraceBudget {
  private readonly keepers = new Set<PathKeeper>();
  private credits = mostCredits;

  /** Counts one execution. */
  earn(): void {
    this.credits = Math.min(this.credits + creditOfPod, mostCredits);
  }

  /** Pays for a recording or a skeleton if there is something to pay with. */
  spend(): boolean {
    if (this.credits < 1) return false;
    this.credits -= 1;
    return true;
  }

  /** Counts what this one keeps, too. */
  count(keeper: PathKeeper): void {
    this.keepers.add(keeper);
  }

  /** Does not count any more what this one keeps. */
  forget(keeper: PathKeeper): void {
    this.keepers.delete(keeper);
  }

  /** Forgets paths until there are no more skeletons than may be. */
  settle(): void {
    while (this.total() > mostSkeletons) this.heaviest()?.evict();
  }

  private total(): number {
    let sum = 0;
    for (const { weight } of this.keepers) sum += weight;
    return sum;
  }

  private heaviest(): PathKeeper | undefined {
    let found: PathKeeper | undefined;
    for (const keeper of this.keepers)
      if (found === undefined || keeper.weight > found.weight) found = keeper;
    return found;
  }
}
