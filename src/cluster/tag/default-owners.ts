import type { WebhookConfiguration } from "../webhook-configuration.js";
import { isActive, isDeactivated } from "./deactivate.js";
import { configurationsOf } from "./find-revision.js";
import { isGuarded } from "./guard.js";
import { defaultName } from "./tag-entries.js";
import { TagError } from "./tag-error.js";
import { addressOf } from "./tag-write.js";

/** The two objects that can own the default. */
export interface DefaultOwners {
  /** The webhook of the revision `default`, which owns the default where no tag does. */
  readonly installed: WebhookConfiguration | undefined;
  /** The tag `default`. */
  readonly tag: WebhookConfiguration | undefined;
}

/** Finds both. @throws TagError `revision` when one of them is there twice */
export function defaultOwners(configurations: readonly WebhookConfiguration[]): DefaultOwners {
  return {
    installed: theOne(configurationsOf(defaultName, configurations), "of the revision default"),
    tag: theOne(tagObjects(defaultName, configurations), "the tag default"),
  };
}

/** The objects of a tag. */
export function tagObjects(
  tag: string,
  configurations: readonly WebhookConfiguration[],
): readonly WebhookConfiguration[] {
  return configurations.filter((one) => one.tag === tag);
}

/** The only one of some configurations. @throws TagError `revision` when there are more */
export function theOne(
  found: readonly WebhookConfiguration[],
  what: string,
): WebhookConfiguration | undefined {
  if (found.length > 1)
    throw new TagError(
      "revision",
      `more than one MutatingWebhookConfiguration is ${what}: ${found.map(({ name }) => name).join(", ")}. Remove ` +
        "those that are not wanted: each pod must have one injector",
    );
  return found[0];
}

/** Whether the first of two configurations is called after the second: the API server goes by their names. */
export function isCalledAfter(one: string, other: string): boolean {
  return one > other;
}

/** Whether the handover of the default has begun and not ended. */
export function isUnfinished({ installed, tag }: DefaultOwners): boolean {
  return [installed, tag].some((one) => one !== undefined && isGuarded(one));
}

/** How both objects are, as one sentence. */
export function describeOwners({ installed, tag }: DefaultOwners): string {
  const parts = [tag, installed].flatMap((one) => (one === undefined ? [] : [describe(one)]));
  return parts.length === 0 ? "nobody owns the default" : parts.join("; ");
}

function describe(one: WebhookConfiguration): string {
  const state = !isActive(one)
    ? "is switched off"
    : isDeactivated(one)
      ? "is partly switched off"
      : "is active";
  const guarded = isGuarded(one) ? ", except for pods that the other one has injected" : "";
  return `${one.name} (revision ${one.revision ?? "?"}, calls ${addressOf(one)}) ${state}${guarded}`;
}
