import { getOwn, isObject, type JsonObject, type JsonValue } from "../kube/index.js";

/** How a webhook configuration calls this injector. */
export interface OwnAddress {
  /** `name.namespace` of the Service. */
  readonly service?: string;
  /** The URL of an injector outside the cluster. */
  readonly url?: string;
}

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
  readonly name: string;
  readonly address: string;
  readonly claims: readonly string[];
}

const injectorSuffix = "sidecar-injector.istio.io";
const deactivated = "istio.io/deactivated";

/**
 * Finds the injectors that claim what we claim: a revision, or the label istio-injection. One that was deactivated, as
 * `istioctl tag set` does it, claims nothing.
 *
 * @param configurations MutatingWebhookConfigurations
 */
export function findRivals(configurations: readonly JsonValue[], own: OwnAddress): Rival[] {
  const claimants = configurations.filter(isObject).flatMap(claimantsOf);
  const isOwn = ({ address }: Claimant) => address === own.service || address === own.url;
  const ours = claimants.filter(isOwn);
  const others = claimants.filter((claimant) => !isOwn(claimant));
  const found = ours.flatMap((mine) =>
    others.flatMap(({ name, address, claims }) =>
      claims
        .filter((claim) => mine.claims.includes(claim))
        .map((claim): Rival => ({ own: mine.name, other: name, address, claim })),
    ),
  );
  return found.filter((rival, index) => found.findIndex((other) => same(rival, other)) === index);
}

function same(a: Rival, b: Rival): boolean {
  return a.own === b.own && a.other === b.other && a.claim === b.claim;
}

function claimantsOf(configuration: JsonObject): Claimant[] {
  const name = String(getOwn(child(configuration, "metadata"), "name") ?? "");
  const entries = getOwn(configuration, "webhooks");
  if (!Array.isArray(entries)) return [];
  return entries
    .filter(isObject)
    .filter((entry) => String(getOwn(entry, "name") ?? "").endsWith(injectorSuffix))
    .map((entry) => ({ name, address: addressOf(child(entry, "clientConfig")), claims: claimsOf(entry) }));
}

function addressOf(clientConfig: JsonObject): string {
  const url = getOwn(clientConfig, "url");
  if (typeof url === "string") return url;
  const service = child(clientConfig, "service");
  return `${String(getOwn(service, "name") ?? "")}.${String(getOwn(service, "namespace") ?? "")}`;
}

/** The values that an entry's selectors demand of istio.io/rev and istio-injection. */
function claimsOf(entry: JsonObject): string[] {
  const selectors = [child(entry, "namespaceSelector"), child(entry, "objectSelector")];
  if (selectors.some((selector) => Object.hasOwn(child(selector, "matchLabels"), deactivated))) return [];
  return selectors.flatMap((selector) => {
    const expressions = getOwn(selector, "matchExpressions");
    return Array.isArray(expressions) ? expressions.filter(isObject).flatMap(claimsOfExpression) : [];
  });
}

function claimsOfExpression(expression: JsonObject): string[] {
  const key = getOwn(expression, "key");
  const values = getOwn(expression, "values");
  if (getOwn(expression, "operator") !== "In" || !Array.isArray(values)) return [];
  return key === "istio.io/rev" || key === "istio-injection"
    ? values.map((value) => `${key}=${String(value)}`)
    : [];
}

function child(object: JsonObject, key: string): JsonObject {
  const value = getOwn(object, key);
  return isObject(value) ? value : {};
}
