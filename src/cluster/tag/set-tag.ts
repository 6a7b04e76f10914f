import { labelValueFault } from "../../kube/index.js";
import { readWebhookConfiguration, type WebhookConfiguration } from "../webhook-configuration.js";
import type { TagChange } from "./carry-out.js";
import { isActive } from "./deactivate.js";
import { defaultOwners, isUnfinished, tagObjects } from "./default-owners.js";
import { configurationsOf } from "./find-revision.js";
import { nextSetWrite, type TagGoal, wantedTag } from "./plan-set.js";
import { defaultName } from "./tag-entries.js";
import { TagError } from "./tag-error.js";
import { addressOf } from "./tag-write.js";

/** How a tag is set. */
export interface SetTagOptions extends TagGoal {
  /** Change a tag that is there, or take the default from whoever owns it. */
  readonly overwrite: boolean;
}

/** The change that sets a tag. @throws TagError `name` */
export function setTagChange(options: SetTagOptions): TagChange {
  checkName(options.tag);
  return {
    next: (configurations) => nextSetWrite(options, configurations),
    mayBegin: (configurations) => mayBegin(options, configurations),
    isHandover: options.tag === defaultName,
  };
}

/** A tag is part of an object's name as well as a label. */
function checkName(tag: string): void {
  const fault = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(tag)
    ? labelValueFault(tag)
    : "must consist of lower case letters, digits, '-' or '.', and must start and end with a letter or digit";
  if (fault !== undefined) throw new TagError("name", `"${tag}" cannot be a tag: it ${fault}`);
}

/** @throws TagError */
function mayBegin(options: SetTagOptions, configurations: readonly WebhookConfiguration[]): void {
  const { tag, overwrite } = options;
  const [revision] = tag === defaultName ? [] : configurationsOf(tag, configurations);
  if (revision !== undefined)
    throw new TagError(
      "name",
      `${tag} is a revision already, of MutatingWebhookConfiguration ${revision.name}: choose another name for the tag`,
    );
  const { name } = readWebhookConfiguration(wantedTag(options, configurations));
  const other = configurations.find((one) => one.name === name && one.tag !== tag);
  if (other !== undefined)
    throw new TagError(
      "taken",
      `MutatingWebhookConfiguration ${name} is there, and it is not the tag ${tag}: its label istio.io/tag is ` +
        `${other.tag ?? "missing"}. Remove or rename it`,
    );
  if (overwrite) return;
  const [found] = tagObjects(tag, configurations);
  if (found !== undefined)
    throw new TagError(
      "taken",
      `the tag ${tag} is there already, for revision ${found.revision ?? "?"}. Change it with --overwrite`,
    );
  if (tag === defaultName) defaultIsFree(configurations);
}

function defaultIsFree(configurations: readonly WebhookConfiguration[]): void {
  const owners = defaultOwners(configurations);
  const { installed } = owners;
  if (installed === undefined || (!isActive(installed) && !isUnfinished(owners))) return;
  throw new TagError(
    "taken",
    `the default belongs to MutatingWebhookConfiguration ${installed.name}, which calls ${addressOf(installed)}. Hand it ` +
      "over with --overwrite",
  );
}
