import type { ObservedConfiguration } from "../../certificates/index.js";
import { getOwn, isObject, type JsonObject } from "../../json/index.js";
import {
  type InjectorEntry,
  isOwnEntry,
  type OwnAddress,
  readWebhookConfiguration,
  type WebhookConfiguration,
} from "../webhook-configuration.js";

/** Whom webhook configurations are read for. */
export interface OwnIdentity {
  readonly address: OwnAddress;
  /** What the label `istio.io/rev` must say for a bundle to be ours to write (docs/behaviour.md#ca-bundle-patcher). */
  readonly revision: string;
}

/** Why a configuration is not written, in the words of Istio's metric (docs/behaviour.md#ca-bundle-patcher). */
export type NotOwn = "wrong_revision" | "webhook_entry_not_found";

/** A configuration with the entries that call this injector. */
export interface OwnConfiguration extends WebhookConfiguration {
  /** Undefined: its bundle is ours to write. */
  readonly notOwn: NotOwn | "no_revision" | undefined;
  readonly ownEntries: readonly InjectorEntry[];
}

/** Judges a configuration as Istio's patcher does, and by whom its entries call. */
export function judgeConfiguration(object: JsonObject, { address, revision }: OwnIdentity): OwnConfiguration {
  const configuration = readWebhookConfiguration(object);
  const ownEntries = configuration.entries.filter((entry) => isOwnEntry(entry, address));
  const notOwn =
    configuration.revision === undefined
      ? "no_revision"
      : configuration.revision !== revision
        ? "wrong_revision"
        : ownEntries.length === 0
          ? "webhook_entry_not_found"
          : undefined;
  return { ...configuration, notOwn, ownEntries };
}

/** What certificate rotation sees of configurations: those that are ours to write. */
export function observedConfigurations(
  configurations: readonly OwnConfiguration[],
): readonly ObservedConfiguration[] {
  return configurations
    .filter(({ notOwn }) => notOwn === undefined)
    .map(({ name, resourceVersion, ownEntries }) => ({
      name,
      resourceVersion,
      entries: ownEntries.map((entry) => ({ name: entry.name, caBundle: entry.caBundle })),
    }));
}

/** The field managers that have written the bundle of some entry, ours aside: who fights with us, if anybody does. */
export function bundleWriters(object: JsonObject, ours: string): readonly string[] {
  const metadata = getOwn(object, "metadata");
  const managed = isObject(metadata) ? getOwn(metadata, "managedFields") : undefined;
  if (!Array.isArray(managed)) return [];
  return managed.filter(isObject).flatMap((fields) => {
    const manager = getOwn(fields, "manager");
    return typeof manager === "string" && manager !== ours && ownsBundle(fields) ? [manager] : [];
  });
}

function ownsBundle(fields: JsonObject): boolean {
  const webhooks = within(within(fields, "fieldsV1"), "f:webhooks");
  return Object.values(webhooks).some((entry) =>
    Object.hasOwn(within(isObject(entry) ? entry : {}, "f:clientConfig"), "f:caBundle"),
  );
}

function within(object: JsonObject, key: string): JsonObject {
  const value = getOwn(object, key);
  return isObject(value) ? value : {};
}
