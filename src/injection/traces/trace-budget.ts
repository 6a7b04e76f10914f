/** Something that keeps paths and can forget the one not used for longest. */
interface PathKeeper {
  readonly size: number;
  evict(): void;
}

const mostPaths = 128;
const mostCredits = 64;
/** A pod pays for an eighth of a recording. */
const creditOfPod = 1 / 8;

/**
 * What a snapshot may spend on paths, whatever pods come: so many are kept, and of many new ones most are not recorded.
 * A recording with its skeleton costs about as much as three executions, so pods that each take a path of their own make
 * rendering dearer by less than a half.
 */
export class TraceBudget {
  private readonly keepers = new Set<PathKeeper>();
  private credits = mostCredits;

  /** Counts one execution. */
  earn(): void {
    this.credits = Math.min(this.credits + creditOfPod, mostCredits);
  }

  /** Pays for a recording if there is something to pay with. */
  spend(): boolean {
    if (this.credits < 1) return false;
    this.credits -= 1;
    return true;
  }

  /** Counts the paths of this one, too, and forgets paths until there are no more than may be. */
  keep(keeper: PathKeeper): void {
    this.keepers.add(keeper);
    const total = () => [...this.keepers].reduce((sum, { size }) => sum + size, 0);
    for (let excess = total() - mostPaths; excess > 0; excess--) largest(this.keepers)?.evict();
  }

  /** Paths that are forgotten as a whole count no longer. */
  drop(keeper: PathKeeper): void {
    this.keepers.delete(keeper);
  }
}

function largest(keepers: Iterable<PathKeeper>): PathKeeper | undefined {
  let found: PathKeeper | undefined;
  for (const keeper of keepers) if (found === undefined || keeper.size > found.size) found = keeper;
  return found;
}
