import {
  isOwnEntry,
  type OwnAddress,
  type ServiceAddress,
  type WebhookConfiguration,
} from "../webhook-configuration.js";

/** One injector: what calls it, and for which revision. */
export interface Installation {
  readonly revision: string;
  readonly own: OwnAddress;
  /** The Service that is called; undefined for an injector outside the cluster. */
  readonly service: ServiceAddress | undefined;
  /** Every configuration with an entry that calls it: of its revision, and of tags. */
  readonly configurations: readonly WebhookConfiguration[];
}

/**
 * Finds the injectors to check: of one revision, or without a revision all that Pillion's chart has installed. One
 * revision has one injector here; that others claim it too is another check's finding.
 */
export function findInstallations(
  all: readonly WebhookConfiguration[],
  revision?: string,
): readonly Installation[] {
  const candidates = all
    .filter((one) => (revision === undefined ? isOfChart(one) : one.revision === revision))
    .sort((a, b) => rank(a) - rank(b));
  const revisions = new Map<string, WebhookConfiguration>();
  for (const one of candidates) {
    const name = one.revision ?? "";
    if (!revisions.has(name)) revisions.set(name, one);
  }
  return [...revisions].flatMap(([name, canonical]) => installationOf(name, canonical, all));
}

function installationOf(
  revision: string,
  canonical: WebhookConfiguration,
  all: readonly WebhookConfiguration[],
): readonly Installation[] {
  const [entry] = canonical.entries;
  if (entry === undefined) return [];
  const { url, service } = entry;
  const own: OwnAddress = url === undefined ? { service: entry.address } : { url };
  const configurations = all.filter(({ entries }) => entries.some((one) => isOwnEntry(one, own)));
  return [{ revision, own, service, configurations }];
}

/** Objects that `tag` made copy the labels of the chart's. */
function isOfChart({ labels }: WebhookConfiguration): boolean {
  return labels["helm.sh/chart"]?.startsWith("pillion-") === true;
}

/** The object that the chart made for the revision itself comes first, then tags, then objects of others. */
function rank(one: WebhookConfiguration): number {
  return (isOfChart(one) ? 0 : 2) + (one.tag === undefined ? 0 : 1);
}
