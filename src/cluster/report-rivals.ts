import type { Log } from "../telemetry/index.js";
import type { ApiClient } from "./api-client.js";
import { findRivals, type Rival } from "./find-rivals.js";
import { listPages } from "./list-pages.js";
import { type OwnAddress, webhookConfigurationsPath } from "./webhook-configuration.js";

/**
 * Looks once whether another injector owns what we own, and says so with both names and the remedy. It is no reason not
 * to start: pods must be admitted meanwhile. Where the configurations may not be read, that is said.
 */
export async function reportRivals(
  client: ApiClient,
  own: OwnAddress,
  log: Log,
  signal: AbortSignal,
): Promise<readonly Rival[]> {
  try {
    const { items } = await listPages(client, webhookConfigurationsPath, {}, signal);
    const rivals = findRivals(items, own);
    for (const { own: mine, other, address, claim } of rivals)
      log.error("two injectors own the same pods", {
        claim,
        own: `MutatingWebhookConfiguration ${mine}`,
        other: `MutatingWebhookConfiguration ${other}, which calls ${address}`,
        remedy: "give one of them another revision, or remove it: each pod must have one injector",
      });
    return rivals;
  } catch (error) {
    log.warn("cannot look for other injectors", {
      error: error instanceof Error ? error.message : String(error),
    });
    return [];
  }
}
