import { readFileSync } from "node:fs";

/** What scripts/test-e2e.mjs has prepared. */
export interface Environment {
  /** The version of Kubernetes, such as v1.36.3. */
  readonly kubernetes: string;
  readonly release: string;
  readonly helm: string;
  readonly etcd: string;
  readonly kubectl: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  /** The bundled command line. */
  readonly bundle: string;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** An address of this network namespace that is not loopback, and that no other file uses meanwhile. */
  readonly address: string;
  readonly record: boolean;
}

/** Files run at once in lanes; this is the number of the one that this file runs in, from 1. */
export const lane = Number(process.env.VITEST_POOL_ID ?? 1);

/** @throws when the tests were not started by `npm run test:e2e` */
export function environment(): Environment {
  const text = process.env.PILLION_E2E;
  if (text === undefined) throw new Error("run the end-to-end tests with `npm run test:e2e`");
  // Only loopback and the test's own interface: a mistake elsewhere could send traffic to somebody's network.
  const interfaces = readFileSync("/proc/self/net/dev", "utf8");
  if (/^\s*(eth|en|wl)/m.test(interfaces)) throw new Error("the tests run outside their network namespace");
  const prepared = JSON.parse(text) as Omit<Environment, "address"> & {
    readonly addresses: readonly string[];
  };
  const address = prepared.addresses[lane - 1];
  if (address === undefined) throw new Error(`there is no address for lane ${lane}`);
  return { ...prepared, address };
}
