import type { WebhookConfiguration } from "../webhook-configuration.js";
import type { TagChange } from "./carry-out.js";
import { isDeactivated } from "./deactivate.js";
import { defaultOwners, isUnfinished, tagObjects } from "./default-owners.js";
import { nextRestoreWrite } from "./plan-restore.js";
import { defaultName } from "./tag-entries.js";
import { TagError } from "./tag-error.js";
import { addressOf, type TagWrite } from "./tag-write.js";

/** How a tag is removed. */
export interface RemoveTagOptions {
  readonly tag: string;
  /** The namespaces that choose the tag; undefined: remove it whoever does. */
  readonly uses: readonly string[] | undefined;
}

/** How many namespaces a message names. */
const named = 10;

/** The change that removes a tag and leaves nobody in its place. */
export function removeTagChange({ tag, uses }: RemoveTagOptions): TagChange {
  return {
    next: (configurations) => nextRemoval(tag, configurations),
    mayBegin: (configurations) => {
      mustExist(tag, configurations);
      if (tag === defaultName) mustBeFinished(configurations);
      if (uses !== undefined) mustBeFree(tag, uses, configurations);
    },
    isHandover: false,
  };
}

/** The change that removes the tag `default` and gives the default back to the webhook that was installed for it. */
export function restoreDefaultChange(): TagChange {
  return {
    next: nextRestoreWrite,
    mayBegin: (configurations) => {
      const { installed, tag } = defaultOwners(configurations);
      if (tag === undefined && (installed === undefined || nextRestoreWrite(configurations) === undefined))
        mustExist(defaultName, configurations);
    },
    isHandover: true,
  };
}

function nextRemoval(tag: string, configurations: readonly WebhookConfiguration[]): TagWrite | undefined {
  const [found] = tagObjects(tag, configurations);
  if (found === undefined) return undefined;
  return { kind: "delete", name: found.name, object: found.source, effect: `${found.name} is removed` };
}

function mustExist(tag: string, configurations: readonly WebhookConfiguration[]): void {
  if (tagObjects(tag, configurations).length > 0) return;
  const known = configurations.flatMap((one) => (one.tag === undefined ? [] : [one.tag]));
  const list = known.length === 0 ? "there is none" : `there are ${[...new Set(known)].sort().join(", ")}`;
  throw new TagError("absent", `there is no tag ${tag}; ${list}`);
}

/** Removing the tag in the middle would leave the other object as it is meant to be for a moment only. */
function mustBeFinished(configurations: readonly WebhookConfiguration[]): void {
  if (!isUnfinished(defaultOwners(configurations))) return;
  throw new TagError(
    "unfinished",
    "a handover of the default has begun and not ended. Complete it with the command that began it, or give the default " +
      "back with --restore",
  );
}

function mustBeFree(
  tag: string,
  uses: readonly string[],
  configurations: readonly WebhookConfiguration[],
): void {
  if (uses.length === 0 && tag !== defaultName) return;
  const more = uses.length > named ? ` and ${uses.length - named} more` : "";
  const who = `${uses.slice(0, named).join(", ")}${more}`;
  const users =
    uses.length === 0
      ? "pods anywhere can ask for the default by a label of their own"
      : `${uses.length === 1 ? "one namespace uses" : `${uses.length} namespaces use`} it: ${who}`;
  throw new TagError(
    "in-use",
    `the tag ${tag} cannot be removed without --yes, since ${users}. No new pod would be injected there.${hint(tag, configurations)}`,
  );
}

function hint(tag: string, configurations: readonly WebhookConfiguration[]): string {
  if (tag !== defaultName) return " Give them another label, or point the tag at another revision, first";
  const { installed } = defaultOwners(configurations);
  if (installed === undefined || !isDeactivated(installed)) return "";
  return ` Give the default back to ${installed.name}, which calls ${addressOf(installed)}, with --restore`;
}
