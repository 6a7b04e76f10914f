import { makeSkeleton, type FilledPod, type Skeleton } from "../skeleton/skeleton.js";

/** How many skeletons a path keeps: one for each set of strings that shape what it makes. */
const mostSkeletons = 16;

interface Shaped {
  readonly skeleton: Skeleton;
  /** The dynamic strings that it holds for, in the order of `fixedBy`. */
  readonly strings: readonly string[];
}

/** The skeletons of one path through a template: the one used last comes first. */
export class PathSkeletons {
  private readonly known: Shaped[] = [];

  /** How many there are. */
  get size(): number {
    return this.known.length;
  }

  constructor(private readonly fixed: readonly string[]) {}

  /** The partial pod for these strings; undefined where no skeleton holds or a string needs the parser. */
  fill(dynamic: readonly string[]): FilledPod | undefined {
    const at = this.find(dynamic);
    const found = this.known[at];
    if (found === undefined) return undefined;
    if (at > 0) {
      this.known.splice(at, 1);
      this.known.unshift(found);
    }
    return found.skeleton.fill(dynamic);
  }

  /** Whether a skeleton made of these strings would be new. */
  lacks(dynamic: readonly string[]): boolean {
    return this.find(dynamic) < 0;
  }

  /** Makes the skeleton for these strings, of a text that could be read, and for all that have the same shape. True when it did. */
  learn(dynamic: readonly string[]): boolean {
    const skeleton = makeSkeleton(this.fixed, dynamic);
    if (skeleton === undefined) return false;
    const strings = skeleton.fixedBy.map((index) => dynamic[index] ?? "");
    this.known.unshift({ skeleton, strings });
    this.known.length = Math.min(this.known.length, mostSkeletons);
    return true;
  }

  private find(dynamic: readonly string[]): number {
    for (let at = 0; at < this.known.length; at++) if (holds(this.known[at], dynamic)) return at;
    return -1;
  }
}

function holds(shaped: Shaped | undefined, dynamic: readonly string[]): boolean {
  if (shaped === undefined) return false;
  const { skeleton, strings } = shaped;
  for (let at = 0; at < strings.length; at++)
    if (dynamic[skeleton.fixedBy[at] ?? 0] !== strings[at]) return false;
  return true;
}
