import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { isGuarded } from "./tag/guard.js";
import {
  deactivatedLabel,
  type InjectorEntry,
  isOwnEntry,
  type OwnAddress,
  readWebhookConfigurations,
  type WebhookConfiguration,
} from "./webhook-configuration.js";

/** Two webhook configurations that send the same pods to different injectors. */
export interface Rival {
  /** The name of our MutatingWebhookConfiguration. */
  readonly own: string;
  /** The name of the other one. */
  readonly other: string;
  /** Whom the other one calls. */
  readonly address: string;
  /** The label that both select by, such as `istio.io/rev=default`. */
  readonly claim: string;
}

interface Claimant {
  readonly configuration: WebhookConfiguration;
  readonly address: string;
  readonly own: boolean;
  readonly claims: readonly string[];
}

/**
 * Finds the injectors that claim what we claim: a revision, or the label istio-injection. One that was deactivated, as
 * `istioctl tag set` does it, claims nothing. Two of which one leaves alone what the other has injected, as in the middle
 * of a handover by `pillion tag`, are no rivals.
 *
 * @param configurations MutatingWebhookConfigurations
 */
export function findRivals(configurations: readonly JsonValue[], own: OwnAddress): Rival[] {
  const claimants = readWebhookConfigurations(configurations).flatMap((configuration) =>
    configuration.entries.map((entry): Claimant => {
      const { address } = entry;
      return { configuration, address, own: isOwnEntry(entry, own), claims: claimsOf(entry) };
    }),
  );
  const ours = claimants.filter((claimant) => claimant.own);
  const others = claimants.filter((claimant) => !claimant.own);
  const found = ours.flatMap((mine) =>
    others
      .filter(({ configuration }) => !standBack(mine.configuration, configuration))
      .flatMap(({ configuration, address, claims }) =>
        claims
          .filter((claim) => mine.claims.includes(claim))
          .map(
            (claim): Rival => ({ own: mine.configuration.name, other: configuration.name, address, claim }),
          ),
      ),
  );
  return found.filter((rival, index) => found.findIndex((other) => same(rival, other)) === index);
}

/** Whether one of two leaves alone what the other has injected. */
function standBack(one: WebhookConfiguration, other: WebhookConfiguration): boolean {
  const leaves = (a: WebhookConfiguration, b: WebhookConfiguration) =>
    b.revision !== undefined && isGuarded(a, b.revision);
  return leaves(one, other) || leaves(other, one);
}

function same(a: Rival, b: Rival): boolean {
  return a.own === b.own && a.other === b.other && a.claim === b.claim;
}

/** The values that an entry's selectors demand of istio.io/rev and istio-injection. */
function claimsOf({ namespaceSelector, objectSelector }: InjectorEntry): string[] {
  const selectors = [namespaceSelector, objectSelector];
  if (selectors.some((selector) => Object.hasOwn(labelsOf(selector), deactivatedLabel))) return [];
  return selectors.flatMap((selector) => {
    const expressions = getOwn(selector, "matchExpressions");
    return Array.isArray(expressions) ? expressions.filter(isObject).flatMap(claimsOfExpression) : [];
  });
}

function labelsOf(selector: JsonObject): JsonObject {
  const labels = getOwn(selector, "matchLabels");
  return isObject(labels) ? labels : {};
}

function claimsOfExpression(expression: JsonObject): string[] {
  const key = getOwn(expression, "key");
  const values = getOwn(expression, "values");
  if (getOwn(expression, "operator") !== "In" || !Array.isArray(values)) return [];
  return key === "istio.io/rev" || key === "istio-injection"
    ? values.map((value) => `${key}=${String(value)}`)
    : [];
}
