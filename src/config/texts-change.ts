import type { JsonValue } from "../json/index.js";
import { type SourceTexts, sameFoundation, sameObjectTexts } from "./source-texts.js";

/** A stretch of the earlier list, from and to, or objects that it has not. */
type Stretch = readonly [from: number, to: number] | { readonly added: readonly JsonValue[] };

/** How texts differ from earlier ones. Plain data, so that it goes through a message as it is. */
export interface TextsChange {
  /** All texts; absent: as they were. */
  readonly texts?: Omit<SourceTexts, "clusterObjects">;
  /** What the objects of the cluster are made of now; absent: there are none. */
  readonly clusterObjects?: readonly Stretch[];
}

/**
 * What must be said to somebody who has the earlier texts: of one changed object among thousands, that object alone. Objects
 * count as unchanged when they are the same object.
 */
export function changeOf(before: SourceTexts, after: SourceTexts): TextsChange {
  const { clusterObjects, ...texts } = after;
  const sameTexts = sameFoundation(before, after) && sameObjectTexts(before, after);
  return {
    ...(sameTexts ? {} : { texts }),
    ...(clusterObjects === undefined
      ? {}
      : { clusterObjects: stretches(before.clusterObjects ?? [], clusterObjects) }),
  };
}

/** The texts after a change. Objects that it does not bring stay the same objects. */
export function applyChange(before: SourceTexts, { texts, clusterObjects }: TextsChange): SourceTexts {
  const { clusterObjects: earlier = [], ...same } = before;
  const next = texts ?? same;
  return clusterObjects === undefined
    ? next
    : { ...next, clusterObjects: clusterObjects.flatMap((one) => objectsOf(one, earlier)) };
}

function objectsOf(stretch: Stretch, earlier: readonly JsonValue[]): readonly JsonValue[] {
  return "added" in stretch ? stretch.added : earlier.slice(...stretch);
}

function stretches(before: readonly JsonValue[], after: readonly JsonValue[]): Stretch[] {
  const places = new Map(before.map((object, at) => [object, at]));
  const found: Stretch[] = [];
  let from = 0;
  while (from < after.length) {
    const place = places.get(after[from] ?? null);
    let to = from + 1;
    if (place === undefined) {
      while (to < after.length && !places.has(after[to] ?? null)) to++;
      found.push({ added: after.slice(from, to) });
    } else {
      while (to < after.length && before[place + to - from] === after[to]) to++;
      found.push([place, place + to - from]);
    }
    from = to;
  }
  return found;
}
