import type {
  ObservedConfiguration,
  Publication,
  SecretContent,
  StoredSecret,
} from "../../../src/certificates/index.js";
import type { VirtualTime } from "./virtual-time.js";

/** A bundle that stood in an entry. */
export interface StoodBundle {
  readonly text: string;
  /** Whether Pillion wrote it, or somebody else (who also makes the entry with its first bundle). */
  readonly by: "pillion" | "other";
  /** True time at which it was replaced; undefined while it stands. */
  readonly replacedAt: number | undefined;
}

/** What a read returns, with a number that grows with every change. */
export interface Snapshot<Content> {
  readonly version: number;
  readonly content: Content;
}

/** The API servers' store: one Secret, the configurations, and which bundles an API server may still hold. */
export class VirtualCluster {
  readonly #time: VirtualTime;
  readonly #propagationMs: number;
  #version = 1;
  #secret: Snapshot<StoredSecret | undefined> = { version: 1, content: undefined };
  #webhooks: Snapshot<readonly ObservedConfiguration[]> = { version: 1, content: [] };
  readonly #stood = new Map<string, StoodBundle[]>();
  readonly #onSecret: (() => void)[] = [];
  readonly #onWebhooks: (() => void)[] = [];
  /** Writes that came with an old resourceVersion. */
  conflicts = 0;

  constructor(time: VirtualTime, propagationMs: number) {
    this.#time = time;
    this.#propagationMs = propagationMs;
  }

  get secret(): Snapshot<StoredSecret | undefined> {
    return this.#secret;
  }

  get webhooks(): Snapshot<readonly ObservedConfiguration[]> {
    return this.#webhooks;
  }

  onSecret(listener: () => void): void {
    this.#onSecret.push(listener);
  }

  onWebhooks(listener: () => void): void {
    this.#onWebhooks.push(listener);
  }

  /** Writes the Secret if it still has the resourceVersion (undefined: if there is none). Tells whether it did. */
  writeSecret(resourceVersion: string | undefined, data: SecretContent): boolean {
    if (this.#secret.content?.resourceVersion !== resourceVersion) {
      this.conflicts++;
      return false;
    }
    this.setSecret(data);
    return true;
  }

  /** Puts a Secret there, or none, whatever there was. */
  setSecret(data: SecretContent | undefined): void {
    const version = ++this.#version;
    const content = data && { resourceVersion: String(version), data };
    this.#secret = { version, content };
    for (const listener of this.#onSecret) listener();
  }

  /** Writes a bundle into one configuration if it still has its resourceVersion. @returns it; undefined: it had not */
  publish(
    target: Publication["configurations"][number],
    caBundle: string,
    demand = true,
  ): ObservedConfiguration | undefined {
    const found = this.#webhooks.content.find(({ name }) => name === target.name);
    if (found === undefined || (demand && found.resourceVersion !== target.resourceVersion)) {
      this.conflicts++;
      return undefined;
    }
    this.#setBundles(
      found.name,
      (entry, before) => (target.entries.includes(entry) ? caBundle : before),
      "pillion",
    );
    return this.#webhooks.content.find(({ name }) => name === target.name);
  }

  /** Somebody else writes a bundle into all entries of a configuration. */
  overwrite(configuration: string, caBundle: string): void {
    this.#setBundles(configuration, () => caBundle, "other");
  }

  /** Somebody makes a configuration. */
  addConfiguration(name: string, entries: readonly string[], caBundle: string): void {
    if (this.#webhooks.content.some((one) => one.name === name)) return;
    for (const entry of entries) {
      this.#replace(`${name}/${entry}`, { text: caBundle, by: "other", replacedAt: undefined });
    }
    const made = entries.map((entry) => ({ name: entry, caBundle }));
    this.#setWebhooks([...this.#webhooks.content, { name, resourceVersion: "", entries: made }], name);
  }

  /** Somebody deletes a configuration, if there is one. API servers may call its webhooks for a while. */
  removeConfiguration(name: string): void {
    for (const key of this.#stood.keys()) if (key.startsWith(`${name}/`)) this.#replace(key);
    this.#setWebhooks(
      this.#webhooks.content.filter((one) => one.name !== name),
      name,
    );
  }

  /** Every bundle that some API server may hold now: what stands, and what was replaced within the longest delay. */
  heldBundles(): readonly { readonly entry: string; readonly bundle: StoodBundle }[] {
    const oldest = this.#time.now - this.#propagationMs;
    return [...this.#stood].flatMap(([entry, bundles]) => {
      const held = bundles.filter(({ replacedAt }) => replacedAt === undefined || replacedAt > oldest);
      this.#stood.set(entry, held);
      return held.map((bundle) => ({ entry, bundle }));
    });
  }

  #setBundles(
    configuration: string,
    bundleOf: (entry: string, before: string) => string,
    by: StoodBundle["by"],
  ): void {
    const changed = this.#webhooks.content.map((one) => {
      if (one.name !== configuration) return one;
      const entries = one.entries.map(({ name, caBundle }) => {
        const text = bundleOf(name, caBundle);
        if (text !== caBundle) this.#replace(`${configuration}/${name}`, { text, by, replacedAt: undefined });
        return { name, caBundle: text };
      });
      return { ...one, entries };
    });
    this.#setWebhooks(changed, configuration);
  }

  #replace(entry: string, bundle?: StoodBundle): void {
    const before = this.#stood.get(entry) ?? [];
    const closed = before.map((one) => ({ ...one, replacedAt: one.replacedAt ?? this.#time.now }));
    this.#stood.set(entry, bundle === undefined ? closed : [...closed, bundle]);
  }

  #setWebhooks(content: readonly ObservedConfiguration[], changed: string): void {
    const version = ++this.#version;
    this.#webhooks = {
      version,
      content: content.map((one) =>
        one.name === changed ? { ...one, resourceVersion: String(version) } : one,
      ),
    };
    for (const listener of this.#onWebhooks) listener();
  }
}
