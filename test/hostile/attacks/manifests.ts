import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InjectionError } from "../../../src/injection/index.js";
import type { JsonObject } from "../../../src/json/index.js";
import { injectManifest, ManifestError, uninjectManifest } from "../../../src/manifests/index.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { root } from "../../support/peer.js";
import { mutatedBytes, realPods } from "../make/reviews.js";
import { mutated } from "../make/trees.js";
import { hostileText, jsonOf } from "../make/values.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { reviewJudges } from "./reviews.js";

const bookinfo = readFileSync(join(root, "test", "fixtures", "bookinfo.yaml"), "utf8").split(/^---\n/m);

/** Kinds that hold pods, and where. */
function workload(pod: JsonObject, kind: string): JsonObject {
  const metadata = { name: "web" };
  const { spec = {}, metadata: own = {} } = pod;
  const template = { metadata: own, spec };
  if (kind === "Pod") return { ...pod, apiVersion: "v1", kind };
  if (kind === "List")
    return { apiVersion: "v1", kind, items: [workload(pod, "Deployment"), workload(pod, "Pod")] };
  if (kind === "CronJob")
    return { apiVersion: "batch/v1", kind, metadata, spec: { jobTemplate: { spec: { template } } } };
  return { apiVersion: "apps/v1", kind, metadata, spec: { template } };
}

const kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "List", "ReplicaSet"];
const joints = ["---\n", "--- # x\n", "...\n", "---", "\ufeff---\n", "--- |\n", "# a\n---\r\n"];

/** A file with several documents, some of which are no YAML. */
export function hostileManifest(random: Random): string {
  const documents = Array.from({ length: 1 + Math.floor(random() ** 2 * 3) }, () => {
    const chance = random();
    if (chance < 0.5) return Buffer.from(mutatedBytes(oneOf(random, bookinfo), random)).toString();
    if (chance < 0.9)
      return `${jsonOf(mutated(workload(oneOf(random, realPods), oneOf(random, kinds)), random))}\n`;
    return `${hostileText(random)}\n`;
  });
  return documents.join(oneOf(random, joints));
}

function isForeseen(error: unknown): boolean {
  if (!(error instanceof ManifestError)) return false;
  return !(error.cause instanceof InjectionError && error.cause.code === "internal");
}

function attempt<T>(work: () => T): { readonly result?: T; readonly faults: Fault[] } {
  try {
    return { result: work(), faults: [] };
  } catch (error) {
    if (isForeseen(error)) return { faults: [] };
    return {
      faults: [{ kind: "unforeseen", message: error instanceof Error ? (error.stack ?? "") : String(error) }],
    };
  }
}

function weapon(): Weapon<{ readonly world: number; readonly text: string }> {
  const snapshots = reviewJudges().map(({ world }) => world.fast);
  const tally = { injected: 0, refused: 0 };
  return {
    make: (random) => ({ world: Math.floor(random() * snapshots.length), text: hostileManifest(random) }),
    try: ({ world, text }): Fault[] => {
      const snapshot = snapshots[world];
      if (snapshot === undefined) throw new Error(`there is no configuration ${world}`);
      const { result, faults } = attempt(() =>
        injectManifest({ text, source: "hostile.yaml" }, { snapshot }),
      );
      if (result === undefined) {
        tally.refused++;
        return faults;
      }
      const { errors, outcomes } = result;
      tally.injected += outcomes.length;
      const unforeseen = errors.filter((error) => !isForeseen(error));
      const again = attempt(() =>
        uninjectManifest({ text: result.text, source: "injected.yaml" }, { snapshot }),
      );
      return [
        ...again.faults,
        ...unforeseen.map((error): Fault => ({ kind: "unforeseen", message: error.stack ?? error.message })),
      ];
    },
    *smaller({ world, text }) {
      for (let size = text.length >> 1; size >= 1; size >>= 1)
        for (let at = 0; at + size <= text.length; at += size)
          yield { world, text: text.slice(0, at) + text.slice(at + size) };
    },
    summary: () => `${tally.injected} pods injected, ${tally.refused} files refused`,
  };
}

/** YAML that is given to the command line. */
export const manifestAttacks: readonly Attack[] = [attack({ name: "manifests", share: 30, begin: weapon })];
