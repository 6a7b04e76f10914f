import type { JsonObject } from "../../json/index.js";
import { readWebhookConfiguration, type WebhookConfiguration } from "../webhook-configuration.js";
import { deactivate, isActive } from "./deactivate.js";
import { type DefaultOwners, defaultOwners, isCalledAfter, tagObjects, theOne } from "./default-owners.js";
import { findRevision } from "./find-revision.js";
import { isGuarded, withGuard, withoutGuard } from "./guard.js";
import { defaultName, isEverywhere } from "./tag-entries.js";
import { inPlaceOf, isAsWanted, tagObject } from "./tag-object.js";
import { addressOf, type TagWrite } from "./tag-write.js";

/** What a tag shall be. */
export interface TagGoal {
  readonly tag: string;
  readonly revision: string;
  /** For the tag `default`: also pods and namespaces that say nothing; absent: as whoever owns the default now. */
  readonly everywhere?: boolean;
  /** A URL needs no caBundle: API servers trust its certificate by themselves. */
  readonly systemTrust: boolean;
}

/** The object that a tag shall be, without what a handover adds for a while. @throws TagError `revision`, `ca-bundle` */
export function wantedTag(goal: TagGoal, configurations: readonly WebhookConfiguration[]): JsonObject {
  const { tag, revision } = goal;
  const found = theOne(tagObjects(tag, configurations), `the tag ${tag}`);
  const before = found ?? (tag === defaultName ? defaultOwners(configurations).installed : undefined);
  return tagObject({
    tag,
    revision: findRevision(revision, configurations, goal.systemTrust),
    everywhere: goal.everywhere ?? isEverywhere(before?.entries ?? []),
    ...(found === undefined ? {} : { objectName: found.name }),
  });
}

/**
 * The next change on the way to a tag, from whatever state is found; undefined when all is as wanted. A pod is injected
 * exactly once in the state before each change and in the one after it (docs/adr/0410). @throws TagError
 */
export function nextSetWrite(
  goal: TagGoal,
  configurations: readonly WebhookConfiguration[],
): TagWrite | undefined {
  const wanted = wantedTag(goal, configurations);
  const tag = tagObjects(goal.tag, configurations)[0];
  if (goal.tag !== defaultName) return writeTag(tag, wanted, goal);
  return nextDefaultWrite(goal, defaultOwners(configurations), wanted);
}

function nextDefaultWrite(
  goal: TagGoal,
  { installed, tag }: DefaultOwners,
  wanted: JsonObject,
): TagWrite | undefined {
  if (installed === undefined) return writeTag(tag, wanted, goal);
  if (!isActive(installed)) return writeTag(tag, wanted, goal) ?? removeGuard(installed);
  const { name, revision = defaultName } = installed;
  // Both are active for a while: the one that is called second leaves alone what the first has injected.
  const installedIsSecond = isCalledAfter(name, readWebhookConfiguration(wanted).name);
  if (installedIsSecond && !isGuarded(installed, goal.revision))
    return {
      kind: "replace",
      name,
      object: withGuard(installed.source, goal.revision),
      effect: `${name} leaves alone what revision ${goal.revision} has injected`,
    };
  const next = writeTag(tag, installedIsSecond ? wanted : withGuard(wanted, revision), goal);
  if (next !== undefined) return next;
  return {
    kind: "replace",
    name,
    object: withoutGuard(deactivate(installed)),
    effect: `${name}, which calls ${addressOf(installed)}, is switched off`,
  };
}

/** Of an object that somebody else switched off in the middle. */
function removeGuard(installed: WebhookConfiguration): TagWrite | undefined {
  if (!isGuarded(installed)) return undefined;
  const { name, source } = installed;
  return { kind: "replace", name, object: withoutGuard(source), effect: `${name} is switched off` };
}

function writeTag(
  found: WebhookConfiguration | undefined,
  wanted: JsonObject,
  { tag, revision }: TagGoal,
): TagWrite | undefined {
  const { name, entries } = readWebhookConfiguration(wanted);
  const effect = `${name} makes ${tag} call ${entries[0]?.address ?? ""} of revision ${revision}`;
  if (found === undefined) return { kind: "create", name, object: wanted, effect };
  if (isAsWanted(found, wanted)) return undefined;
  return { kind: "replace", name, object: inPlaceOf(found, wanted), effect };
}
