import type { WebhookConfiguration } from "../webhook-configuration.js";
import { addressOf } from "./tag-write.js";

/** A tag as it is listed. */
export interface ListedTag {
  readonly tag: string;
  readonly revision: string;
  /** The namespaces that choose it; undefined when they may not be read. */
  readonly namespaces: readonly string[] | undefined;
  /** The name of the MutatingWebhookConfiguration. */
  readonly webhook: string;
  /** Whom it calls: a URL, or `name.namespace` of a Service. */
  readonly address: string;
}

/** The tags among webhook configurations, in the order of their names. */
export function listTags(
  configurations: readonly WebhookConfiguration[],
  uses: ReadonlyMap<string, readonly string[]> | undefined,
): readonly ListedTag[] {
  return configurations
    .flatMap((one) =>
      one.tag === undefined
        ? []
        : [
            {
              tag: one.tag,
              revision: one.revision ?? "",
              namespaces: uses === undefined ? undefined : (uses.get(one.tag) ?? []),
              webhook: one.name,
              address: addressOf(one),
            },
          ],
    )
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
