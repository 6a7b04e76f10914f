import type { WebhookConfiguration } from "../webhook-configuration.js";
import { isDeactivated, reactivate } from "./deactivate.js";
import { defaultOwners, isCalledAfter } from "./default-owners.js";
import { findRevision } from "./find-revision.js";
import { isGuarded, withGuard, withoutGuard } from "./guard.js";
import { defaultName } from "./tag-entries.js";
import { TagError } from "./tag-error.js";
import { addressOf, type TagWrite } from "./tag-write.js";

/**
 * The next change on the way back from the tag `default` to the webhook that was installed for the default; undefined when
 * all is as it was. As with setting it, a pod is injected exactly once in each state. @throws TagError
 *
 * Decided in ADR 0412.
 */
export function nextRestoreWrite(configurations: readonly WebhookConfiguration[]): TagWrite | undefined {
  const { installed, tag } = defaultOwners(configurations);
  if (installed === undefined)
    throw new TagError(
      "absent",
      "no MutatingWebhookConfiguration is of the revision default, so there is nothing to give the default back to. Set " +
        "the tag to another revision, or remove it without --restore",
    );
  // Nobody shall be handed pods whom API servers do not trust. A URL without caBundle had its reason before.
  findRevision(defaultName, configurations, true);
  const { name, revision = defaultName } = installed;
  const off = isDeactivated(installed);
  const active = off ? reactivate(installed) : installed.source;
  const back = `${name}, which calls ${addressOf(installed)}, is active`;
  if (tag === undefined) {
    if (!off && !isGuarded(installed)) return undefined;
    return {
      kind: "replace",
      name,
      object: withoutGuard(active),
      effect: off ? back : `${name} is as it was before the handover`,
    };
  }
  const { revision: tagRevision = "" } = tag;
  const installedIsSecond = isCalledAfter(name, tag.name);
  if (!installedIsSecond && !isGuarded(tag, revision))
    return {
      kind: "replace",
      name: tag.name,
      object: withGuard(tag.source, revision),
      effect: `${tag.name} leaves alone what revision ${revision} has injected`,
    };
  if (installedIsSecond && (off || !isGuarded(installed, tagRevision)))
    return {
      kind: "replace",
      name,
      object: withGuard(active, tagRevision),
      effect: `${back}, except for what revision ${tagRevision} has injected`,
    };
  if (off) return { kind: "replace", name, object: active, effect: back };
  return { kind: "delete", name: tag.name, object: tag.source, effect: `${tag.name} is removed` };
}
