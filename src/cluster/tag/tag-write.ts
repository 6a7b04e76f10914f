import type { JsonObject } from "../../json/index.js";
import type { WebhookConfiguration } from "../webhook-configuration.js";

/** One change of one MutatingWebhookConfiguration. */
export interface TagWrite {
  readonly kind: "create" | "replace" | "delete";
  /** The name of the object. */
  readonly name: string;
  /** The object after the change; for `delete` the one that goes. */
  readonly object: JsonObject;
  /** What it brings about, for people. */
  readonly effect: string;
}

/** Whom a configuration calls. */
export function addressOf({ entries }: WebhookConfiguration): string {
  return entries[0]?.address ?? "nobody";
}
