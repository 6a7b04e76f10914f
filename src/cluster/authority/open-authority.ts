import { randomUUID, webcrypto } from "node:crypto";
import { hostname } from "node:os";
import {
  defaultRotationPolicy,
  type KeyPair,
  type RotationPolicy,
  selfSignedIssuer,
} from "../../certificates/index.js";
import type { ApiClient } from "../api-client.js";
import { secretResource } from "../resource.js";
import type { WatchTiming } from "../watched-list.js";
import { LeaseHolder, type LeaseTiming } from "./lease.js";
import { ObjectsWatch, type ObjectsWatchWorld } from "./objects-watch.js";
import type { OwnIdentity } from "./own-configurations.js";
import { RotationDriver } from "./rotation-driver.js";

/** Where Pillion's own authority is kept, and what it certifies. */
export interface AuthorityOptions {
  readonly namespace: string;
  /** The Secret of authority and leaf. */
  readonly secret: string;
  /** The Lease of the replica that writes. */
  readonly lease: string;
  readonly own: OwnIdentity;
  /** DNS names and addresses of the leaf; the first is the one that the API server calls. */
  readonly names: readonly string[];
  /** The common name of every authority, by which they are known again. */
  readonly authorityName: string;
  readonly policy?: RotationPolicy;
  readonly leaseTiming?: LeaseTiming;
  readonly watchTiming?: WatchTiming;
}

/** Pillion's own authority as a source of pairs to serve. */
export interface ClusterAuthority {
  /** What to listen with: the pair of the Secret, or one that nobody trusts until there is one. */
  readonly pair: KeyPair;
  /** Calls back with every pair to serve from now on. */
  onPair(listener: (pair: KeyPair) => void): void;
  /** Whether API servers trust what is served, as of this moment. */
  check(): { readonly ok: boolean; readonly detail: string };
  /** The time by which certificates are judged, milliseconds since 1970. */
  now(): number;
  /** Ends, and gives the Lease back. */
  close(): Promise<void>;
}

// A Secret that is there is read in milliseconds. Where it is not, the listener opens with the placeholder meanwhile:
// a probe that finds no process for a minute would end it.
const firstPairMs = 5000;
const placeholderDays = 7;

/** Starts to run the own authority. It never fails: what cannot be read or written is tried again, and told. */
export async function openAuthority(
  client: ApiClient,
  configurations: ObjectsWatch,
  options: AuthorityOptions,
  world: ObjectsWatchWorld,
): Promise<ClusterAuthority> {
  const { namespace, secret: name, own, names, authorityName, policy = defaultRotationPolicy } = options;
  const secret = new ObjectsWatch(secretResource(namespace, name), client, world, options.watchTiming);
  const lease = (onChange: () => void) =>
    new LeaseHolder(
      client,
      {
        namespace,
        name: options.lease,
        identity: `${hostname()}_${randomUUID()}`,
        ...(options.leaseTiming === undefined ? {} : { timing: options.leaseTiming }),
      },
      world,
      onChange,
    );
  const driver = new RotationDriver(
    { client, secret, configurations, lease },
    { secretName: { namespace, name }, own, rotation: { names, authorityName, policy } },
    world,
  );
  const pair = (await firstPair(driver)) ?? (await placeholder(names, world.now()));
  return {
    pair,
    onPair: (listener) => {
      driver.onServe(listener);
      if (driver.served !== undefined && driver.served !== pair) listener(driver.served);
    },
    check: () => driver.check(),
    now: () => driver.time,
    close: async () => {
      secret.close();
      await driver.close();
    },
  };
}

function firstPair(driver: RotationDriver): Promise<KeyPair | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(driver.served), firstPairMs);
    const done = (pair: KeyPair) => {
      clearTimeout(timer);
      resolve(pair);
    };
    driver.onServe(done);
    if (driver.served !== undefined) done(driver.served);
  });
}

async function placeholder(names: readonly string[], now: number): Promise<KeyPair> {
  const world = () => ({ crypto: webcrypto as webcrypto.Crypto, now });
  const issuer = await selfSignedIssuer("Pillion, until the first certificate", placeholderDays, world);
  return issuer.issue({ names, days: placeholderDays });
}
