import type { InjectorEntry, WebhookConfiguration } from "../webhook-configuration.js";
import { TagError } from "./tag-error.js";

/** A revision's own webhook configuration, and the entry that tags are modelled on. */
export interface Revision {
  readonly name: string;
  readonly configuration: WebhookConfiguration;
  readonly model: InjectorEntry;
}

/** The configurations of a revision that are no tags of it. */
export function configurationsOf(
  revision: string,
  configurations: readonly WebhookConfiguration[],
): readonly WebhookConfiguration[] {
  return configurations.filter((one) => one.revision === revision && one.tag === undefined);
}

/**
 * Finds a revision. @throws TagError `revision` when there is none or more than one, `ca-bundle`
 *
 * @param systemTrust whether a URL may do without caBundle, as API servers trust its certificate by themselves
 */
export function findRevision(
  name: string,
  configurations: readonly WebhookConfiguration[],
  systemTrust: boolean,
): Revision {
  const [configuration, ...others] = configurationsOf(name, configurations);
  if (configuration === undefined) throw unknownRevision(name, configurations);
  if (others.length > 0)
    throw new TagError(
      "revision",
      `more than one MutatingWebhookConfiguration is of revision ${name}: ` +
        `${[configuration, ...others].map((one) => one.name).join(", ")}. Give one of them another revision, or remove it`,
    );
  const [model] = configuration.entries;
  if (model === undefined) throw unknownRevision(name, configurations);
  if (model.caBundle.trim() === "" && !(systemTrust && model.url !== undefined))
    throw new TagError("ca-bundle", noCaBundle(name, configuration, model));
  return { name, configuration, model };
}

function noCaBundle(
  revision: string,
  { name }: WebhookConfiguration,
  { url, address }: InjectorEntry,
): string {
  const trusted =
    url === undefined
      ? ""
      : ". If API servers trust its certificate by themselves, say so with --system-trust";
  return (
    `MutatingWebhookConfiguration ${name} of revision ${revision} has no caBundle yet, so that no pod could be created ` +
    `through it. Whoever issues the certificate of ${address} has to write it there: see its log${trusted}`
  );
}

function unknownRevision(name: string, configurations: readonly WebhookConfiguration[]): TagError {
  const tag = configurations.find((one) => one.tag === name);
  if (tag !== undefined)
    return new TagError(
      "revision",
      `${name} is a tag of revision ${tag.revision ?? "?"}: name the revision itself`,
    );
  const known = configurations.flatMap((one) =>
    one.tag === undefined && one.revision !== undefined ? [one.revision] : [],
  );
  const list = known.length === 0 ? "there is none" : `there are ${[...new Set(known)].sort().join(", ")}`;
  return new TagError("revision", `no MutatingWebhookConfiguration is of revision ${name}; ${list}`);
}
