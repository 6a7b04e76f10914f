import { findRivals } from "../find-rivals.js";
import type { WebhookConfiguration } from "../webhook-configuration.js";
import { command, type Finding, fault, fine } from "./finding.js";
import type { Installation } from "./installation.js";

/** Does another injector claim the same pods? */
export function checkRivals(
  { own, revision }: Installation,
  all: readonly WebhookConfiguration[],
): readonly Finding[] {
  const rivals = findRivals(
    all.map(({ source }) => source),
    own,
  );
  if (rivals.length === 0)
    return [
      fine("rivals", { object: `revision ${revision}`, message: "No other injector claims the same pods." }),
    ];
  return rivals.map(({ own: mine, other, address, claim }) =>
    fault("two-injectors", {
      object: `MutatingWebhookConfiguration ${other}`,
      message: `It claims ${claim} as ${mine} does, and calls ${address}: pods are injected twice or by chance.`,
      remedy:
        claim === "istio-injection=enabled" || claim === "istio.io/rev=default"
          ? `Hand the default over with ${command(`pillion tag set default --revision ${revision} --overwrite`)}, or give one of them another revision.`
          : `Give one of them another revision, or remove it: ${command(`kubectl delete mutatingwebhookconfiguration ${other}`)}.`,
    }),
  );
}
