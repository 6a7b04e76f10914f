import { type FilledPod, makeSkeleton, type Skeleton } from "../skeleton/skeleton.js";

/** How many skeletons a path keeps: one for each set of strings that shape what it makes. */
const mostSkeletons = 16;

interface Shaped {
  readonly skeleton: Skeleton;
  /** The dynamic strings that it holds for, in the order of `fixedBy`. */
  readonly strings: readonly string[];
}

/** What an execution has left behind. */
export interface Learned {
  /** Whether the next pod of this kind finds a skeleton that was not there before. */
  readonly recorded: boolean;
  /** Whether the skeleton that was made shows that no text of the pod is structure. */
  readonly settled: boolean;
}

/** The skeletons of one path through a template: the one used last comes first. */
export class PathSkeletons {
  private readonly known: Shaped[] = [];

  /** How many there are. */
  get size(): number {
    return this.known.length;
  }

  /** How long the texts are that are the same for all pods of the path. */
  readonly length: number;

  constructor(private readonly fixed: readonly string[]) {
    this.length = fixed.reduce((length, text) => length + text.length, 0);
  }

  /**
   * The partial pod for these strings; undefined where no skeleton holds or a string needs the parser.
   *
   * @param trusts is asked where one of the strings could be structure: whether no text of the pod can be
   */
  fill(dynamic: readonly string[], trusts: () => boolean): FilledPod | undefined {
    const at = this.find(dynamic);
    const found = this.known[at];
    if (found === undefined || !(found.skeleton.settled || trusts())) return undefined;
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

  /**
   * Makes the skeleton for these strings, of a text that could be read, and for all that have the same shape.
   *
   * @param accepts is asked where one of the strings could be structure: the skeleton is kept if it says so
   */
  learn(dynamic: readonly string[], accepts: () => boolean): Learned {
    const skeleton = makeSkeleton(this.fixed, dynamic);
    if (skeleton === undefined) return { recorded: false, settled: false };
    const { settled } = skeleton;
    if (!settled && !accepts()) return { recorded: false, settled };
    const strings = skeleton.fixedBy.map((index) => dynamic[index] ?? "");
    this.known.unshift({ skeleton, strings });
    this.known.length = Math.min(this.known.length, mostSkeletons);
    return { recorded: true, settled };
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
