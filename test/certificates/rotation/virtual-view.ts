import type {
  ObservedConfiguration,
  SecretObservation,
  StoredSecret,
  WebhooksObservation,
} from "../../../src/certificates/index.js";
import type { Snapshot } from "./virtual-cluster.js";

type Versioned<Observation> = Observation & { readonly version: number };

/** What one process knows of Secret and configurations, from reads, watches and answers to its own writes. */
export class VirtualView {
  #secret: Versioned<SecretObservation> | undefined;
  #webhooks: Versioned<WebhooksObservation> | undefined;
  /** Texts of bundles that it saw since it first read them, or read them anew after a stop or a jump. */
  readonly sawBundles = new Set<string>();

  /** Undefined until it was read, whatever the watch told before. */
  get secret(): SecretObservation | undefined {
    return wasRead(this.#secret) ? this.#secret : undefined;
  }

  /** As the Secret. */
  get webhooks(): WebhooksObservation | undefined {
    return wasRead(this.#webhooks) ? this.#webhooks : undefined;
  }

  /** Takes a Secret. @param sentAt monotonic time at which it was asked for; undefined: it was told by a watch */
  takeSecret({ version, content }: Snapshot<StoredSecret | undefined>, sentAt: number | undefined): void {
    const known = this.#secret;
    const currentAt = latest(sentAt, known?.currentAt);
    this.#secret =
      known !== undefined && known.version > version
        ? { ...known, currentAt }
        : { version, found: content, currentAt };
  }

  /** Takes all configurations as of a version. @param sentAt as for a Secret */
  takeWebhooks(
    { version, content }: Snapshot<readonly ObservedConfiguration[]>,
    sentAt: number | undefined,
  ): void {
    const known = this.#webhooks;
    const currentAt = latest(sentAt, known?.currentAt);
    const configurations =
      known !== undefined && known.version > version
        ? known.configurations
        : merge(known?.configurations ?? [], content, version);
    this.#setWebhooks({ version: Math.max(version, known?.version ?? 0), configurations, currentAt });
  }

  /** Takes one configuration, as the answer to a write: the others may have changed meanwhile. */
  putConfiguration(written: ObservedConfiguration): void {
    const known = this.#webhooks;
    if (known === undefined) return;
    const before = known.configurations.find(({ name }) => name === written.name);
    if (before !== undefined && versionOf(before) > versionOf(written)) return;
    const others = known.configurations.filter((one) => one !== before);
    this.#setWebhooks({ ...known, configurations: sorted([...others, written]) });
  }

  #setWebhooks(webhooks: Versioned<WebhooksObservation>): void {
    this.#webhooks = webhooks;
    if (!wasRead(webhooks)) return;
    for (const { entries } of webhooks.configurations) {
      for (const { caBundle } of entries) this.sawBundles.add(caBundle);
    }
  }
}

function wasRead(read: SecretObservation | WebhooksObservation | undefined): boolean {
  return read !== undefined && read.currentAt > Number.NEGATIVE_INFINITY;
}

function latest(sentAt: number | undefined, before: number | undefined): number {
  return Math.max(sentAt ?? Number.NEGATIVE_INFINITY, before ?? Number.NEGATIVE_INFINITY);
}

// What was written after this state is not in it, and is kept.
function merge(
  known: readonly ObservedConfiguration[],
  content: readonly ObservedConfiguration[],
  version: number,
): readonly ObservedConfiguration[] {
  const newer = known.filter((one) => versionOf(one) > version);
  return sorted([
    ...content.map((one) => newer.find(({ name }) => name === one.name) ?? one),
    ...newer.filter(({ name }) => !content.some((one) => one.name === name)),
  ]);
}

function sorted(configurations: readonly ObservedConfiguration[]): readonly ObservedConfiguration[] {
  return configurations.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function versionOf({ resourceVersion }: ObservedConfiguration): number {
  return Number(resourceVersion);
}
