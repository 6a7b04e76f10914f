import type { Authority } from "./authority.js";
import { type Bundle, readBundle, verifies } from "./bundle.js";
import type { EntryName } from "./decision.js";
import type { WebhooksObservation } from "./observation.js";
import type { Leaf } from "./read-secret.js";

/** The own entries as one replica saw them over time. */
export interface WebhooksView {
  /** Names and versions of the configurations. */
  readonly version: string;
  /** Monotonic time at which this version was first seen. */
  readonly seenAt: number;
  readonly entries: readonly EntryView[];
}

/** One entry. */
export interface EntryView {
  readonly name: EntryName;
  readonly bundle: Bundle;
  /** Monotonic time at which the entry was first seen. */
  readonly firstSeen: number;
  /** By fingerprint of an authority: since when (monotonic) the bundle was seen to hold it, without a gap. */
  readonly held: ReadonlyMap<string, number>;
}

/** Takes in what was read. What was held before and still is goes on being held. */
export function viewWebhooks(
  previous: WebhooksView | undefined,
  { configurations }: WebhooksObservation,
  monotonic: number,
): WebhooksView {
  const version = JSON.stringify(configurations.map(({ name, resourceVersion }) => [name, resourceVersion]));
  if (previous?.version === version) return previous;
  const known = new Map(previous?.entries.map((entry) => [key(entry.name), entry]));
  const entries = configurations.flatMap((configuration) =>
    configuration.entries.map((entry): EntryView => {
      const name = { configuration: configuration.name, entry: entry.name };
      const before = known.get(key(name));
      const bundle = readBundle(entry.caBundle);
      const held = bundle.authorities.map(
        ({ info }) => [info.fingerprint, before?.held.get(info.fingerprint) ?? monotonic] as const,
      );
      return { name, bundle, firstSeen: before?.firstSeen ?? monotonic, held: new Map(held) };
    }),
  );
  return { version, seenAt: monotonic, entries };
}

/** Tells whether an entry's bundle verifies a leaf. */
export function trusts({ bundle }: EntryView, leaf: Leaf, time: number): boolean {
  return verifies(bundle, leaf, time);
}

/** Since when (monotonic) an entry was seen to hold an authority; undefined when it does not. */
export function heldSince({ held }: EntryView, { info }: Authority): number | undefined {
  return held.get(info.fingerprint);
}

/** Tells whether an entry holds an authority. */
export function holds(entry: EntryView, authority: Authority | undefined): boolean {
  return authority !== undefined && heldSince(entry, authority) !== undefined;
}

function key({ configuration, entry }: EntryName): string {
  return `${configuration}/${entry}`;
}
