import { trimRight } from "../go/index.js";
import {
  getOwn,
  isObject,
  type JsonObject,
  type JsonValue,
  objectOrEmpty,
  textAt,
  textOrEmpty,
  textsAt,
} from "../json/index.js";

/** The path of all MutatingWebhookConfigurations. */
export const webhookConfigurationsPath =
  "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

/** The end of the name of every entry of Istio's injector, by which its patcher finds them (docs/behaviour.md#ca-bundle-patcher). */
export const injectorEntrySuffix = "sidecar-injector.istio.io";

/** The label that `istioctl tag set default` puts into both selectors of an entry that it switches off (docs/behaviour.md#revision-tags). */
export const deactivatedLabel = "istio.io/deactivated";

/** The value of {@link deactivatedLabel}; nothing carries it. */
export const neverMatch = "never-match";

/** How a webhook configuration calls this injector. */
export interface OwnAddress {
  /** `name.namespace` of the Service. */
  readonly service?: string;
  /** The URL of an injector outside the cluster. */
  readonly url?: string;
}

/** The Service that an entry calls. */
export interface ServiceAddress {
  readonly name: string;
  readonly namespace: string;
  readonly path: string | undefined;
  readonly port: number | undefined;
}

/** One entry of a MutatingWebhookConfiguration that calls an injector. */
export interface InjectorEntry {
  /** Its full name, such as `rev.namespace.sidecar-injector.istio.io`. */
  readonly name: string;
  readonly url: string | undefined;
  readonly service: ServiceAddress | undefined;
  /** Whom it calls: the URL, or `name.namespace` of the Service. */
  readonly address: string;
  /** PEM. Empty: none is set, and the API server then trusts what its own system trusts. */
  readonly caBundle: string;
  /** Both selectors demand {@link deactivatedLabel}, so it is never called. */
  readonly deactivated: boolean;
  readonly namespaceSelector: JsonObject;
  readonly objectSelector: JsonObject;
  /** The entry as it stands. */
  readonly source: JsonObject;
}

/** A MutatingWebhookConfiguration, as far as it is about injectors. */
export interface WebhookConfiguration {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Label `istio.io/rev`; undefined: none, and Istio's patcher leaves the object alone. */
  readonly revision: string | undefined;
  /** Label `istio.io/tag`: it is a revision tag. */
  readonly tag: string | undefined;
  readonly resourceVersion: string;
  /** The entries whose names end in {@link injectorEntrySuffix}, in their order. */
  readonly entries: readonly InjectorEntry[];
  /** The object as it stands. */
  readonly source: JsonObject;
}

/** Reads a MutatingWebhookConfiguration. What is malformed in it counts as absent: the API server checked it. */
export function readWebhookConfiguration(source: JsonObject): WebhookConfiguration {
  const metadata = objectOrEmpty(source, "metadata");
  const labels = textsAt(metadata, "labels");
  const webhooks = getOwn(source, "webhooks");
  return {
    name: textOrEmpty(metadata, "name"),
    labels,
    annotations: textsAt(metadata, "annotations"),
    revision: getOwn(labels, "istio.io/rev"),
    tag: getOwn(labels, "istio.io/tag"),
    resourceVersion: textOrEmpty(metadata, "resourceVersion"),
    entries: (Array.isArray(webhooks) ? webhooks : [])
      .filter(isObject)
      .filter((entry) => textAt(entry, "name")?.endsWith(injectorEntrySuffix) === true)
      .map(readEntry),
    source,
  };
}

/** Reads those of a list that have entries of an injector. */
export function readWebhookConfigurations(objects: readonly JsonValue[]): readonly WebhookConfiguration[] {
  return objects
    .filter(isObject)
    .map(readWebhookConfiguration)
    .filter(({ entries }) => entries.length > 0);
}

/**
 * Whether an entry calls this injector: by its Service, or by its URL or one below it, since the path carries settings
 * such as the cluster (docs/behaviour.md#paths-of-the-webhook).
 */
export function isOwnEntry(
  { url, service }: Pick<InjectorEntry, "url" | "service">,
  own: OwnAddress,
): boolean {
  if (url !== undefined) return own.url !== undefined && isAtOrBelow(url, own.url);
  return service !== undefined && own.service === `${service.name}.${service.namespace}`;
}

function isAtOrBelow(url: string, base: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(base)) return url === base;
  const [one, other] = [new URL(url), new URL(base)];
  const path = trimRight(other.pathname, "/");
  return one.origin === other.origin && (one.pathname === path || one.pathname.startsWith(`${path}/`));
}

function readEntry(source: JsonObject): InjectorEntry {
  const clientConfig = objectOrEmpty(source, "clientConfig");
  const url = textAt(clientConfig, "url");
  const service = readService(getOwn(clientConfig, "service"));
  const selectors = [
    objectOrEmpty(source, "namespaceSelector"),
    objectOrEmpty(source, "objectSelector"),
  ] as const;
  return {
    name: textOrEmpty(source, "name"),
    url,
    service,
    address: url ?? `${service?.name ?? ""}.${service?.namespace ?? ""}`,
    caBundle: Buffer.from(textOrEmpty(clientConfig, "caBundle"), "base64").toString("utf8"),
    deactivated: selectors.every(neverMatches),
    namespaceSelector: selectors[0],
    objectSelector: selectors[1],
    source,
  };
}

function readService(service: JsonValue | undefined): ServiceAddress | undefined {
  if (!isObject(service)) return undefined;
  const port = getOwn(service, "port");
  return {
    name: textOrEmpty(service, "name"),
    namespace: textOrEmpty(service, "namespace"),
    path: textAt(service, "path"),
    port: typeof port === "number" ? port : undefined,
  };
}

function neverMatches(selector: JsonObject): boolean {
  return textAt(selector, "matchLabels", deactivatedLabel) === neverMatch;
}
