import { findRivals } from "../find-rivals.js";
import { type DefaultOwners, defaultOwners, describeOwners, isUnfinished } from "../tag/default-owners.js";
import { isGuarded } from "../tag/guard.js";
import { TagError } from "../tag/tag-error.js";
import type { WebhookConfiguration } from "../webhook-configuration.js";
import { command, type Finding, fault, fine } from "./finding.js";
import type { Installation } from "./installation.js";

/** Does another injector claim the same pods? */
export function checkRivals(
  installation: Installation,
  all: readonly WebhookConfiguration[],
): readonly Finding[] {
  const { revision } = installation;
  const findings = [...checkClaims(installation, all), ...checkHandover(installation, all)];
  if (findings.length > 0) return findings;
  return [
    fine("rivals", { object: `revision ${revision}`, message: "No other injector claims the same pods." }),
  ];
}

function checkClaims({ own, revision }: Installation, all: readonly WebhookConfiguration[]) {
  const rivals = findRivals(
    all.map(({ source }) => source),
    own,
  );
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

/** Each pod is injected once in the middle of a handover too, but nobody wants to stay there. */
function checkHandover({ revision, configurations }: Installation, all: readonly WebhookConfiguration[]) {
  const owners = ownersOf(all);
  const takesPart = [owners.tag, owners.installed].some(
    (one) =>
      one !== undefined && (isGuarded(one, revision) || configurations.some(({ name }) => name === one.name)),
  );
  if (!takesPart || !isUnfinished(owners)) return [];
  return [
    fault("handover-unfinished", {
      object: "the default",
      message: `Its handover has begun and not ended: ${describeOwners(owners)}.`,
      remedy: `Run the command that began it again, or give the default back: ${command("pillion tag remove default --restore")}.`,
    }),
  ];
}

/** Where one of them is there twice, nobody can tell who is meant. */
function ownersOf(all: readonly WebhookConfiguration[]): DefaultOwners {
  try {
    return defaultOwners(all);
  } catch (error) {
    if (!(error instanceof TagError)) throw error;
    return { installed: undefined, tag: undefined };
  }
}
