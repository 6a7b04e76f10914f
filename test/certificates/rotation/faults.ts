import { webcrypto } from "node:crypto";
import fc from "fast-check";
import { createAuthority, type SecretContent } from "../../../src/certificates/index.js";
import type { Simulation } from "./simulation.js";
import type { VirtualReplica } from "./virtual-replica.js";
import { day, hour, minute, second } from "./virtual-time.js";

/** Something that goes wrong, after a while. */
export type Fault = { readonly gap: number; readonly replica: number; readonly duration: number } & (
  | { readonly kind: "nothing" | "stop" | "sleep" | "kill" | "lease-moves" | "two-leaders" | "no-leader" }
  | { readonly kind: "clock-jumps"; readonly by: number }
  | { readonly kind: "slow-messages" | "slow-writes" | "losses" | "partition" }
  | { readonly kind: "secret-deleted" | "secret-restored" | "secret-damaged"; readonly pick: number }
  | { readonly kind: "overwritten"; readonly pick: number }
  | { readonly kind: "configuration-comes" | "configuration-goes" }
);

const foreign = await createAuthority(
  { commonName: "istiod", days: 3650 },
  { crypto: webcrypto, now: Date.UTC(2026, 0, 1) },
);

// Bursts, hours, and waits that reach into the next leaf or the next authority.
const gap = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 90 * second }) },
  { weight: 2, arbitrary: fc.integer({ min: minute, max: 6 * hour }) },
  { weight: 1, arbitrary: fc.integer({ min: day, max: 40 * day }) },
);
const duration = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: second, max: 5 * minute }) },
  { weight: 1, arbitrary: fc.integer({ min: hour, max: 12 * day }) },
);
const common = { gap, duration, replica: fc.integer({ min: 0, max: 2 }) };
const pick = fc.nat(1000);

const ofTime = [
  fc.record({ ...common, kind: fc.constantFrom("nothing", "stop", "sleep", "kill") }),
  fc.record({ ...common, kind: fc.constantFrom("lease-moves", "two-leaders", "no-leader") }),
  fc.record({
    ...common,
    kind: fc.constant("clock-jumps"),
    by: fc.oneof(fc.integer({ min: -hour, max: hour }), fc.integer({ min: -400 * day, max: 400 * day })),
  }),
  fc.record({ ...common, kind: fc.constantFrom("slow-messages", "slow-writes", "losses", "partition") }),
] satisfies fc.Arbitrary<Fault>[];

const ofContent = [
  fc.record({
    ...common,
    pick,
    kind: fc.constantFrom("secret-deleted", "secret-restored", "secret-damaged"),
  }),
  fc.record({ ...common, pick, kind: fc.constant("overwritten") }),
  fc.record({ ...common, kind: fc.constantFrom("configuration-comes", "configuration-goes") }),
] satisfies fc.Arbitrary<Fault>[];

/** What people and other programs do to Secret, bundles and configurations. */
export const faultsOfContent: fc.Arbitrary<Fault> = fc.oneof(...ofContent);

/** Stops, delays, jumps, restarts and moves of the Lease: what befalls machines. */
export const faultsOfTime: fc.Arbitrary<Fault[]> = fc.array(fc.oneof(...ofTime), { maxLength: 14 });

/** Those, and those of content. */
export const allFaults: fc.Arbitrary<Fault[]> = fc.array(fc.oneof(...ofTime, ...ofContent), {
  maxLength: 14,
});

/** Lets faults happen one after the other; each ends by itself after its duration. */
export async function play(simulation: Simulation, faults: readonly Fault[]): Promise<void> {
  const past: SecretContent[] = [];
  for (const fault of faults) {
    await simulation.pass(fault.gap);
    const data = simulation.cluster.secret.content?.data;
    if (data !== undefined && past.at(-1) !== data) past.push(data);
    const replica = simulation.replica(fault.replica);
    // Long stops are noticed by the looks of quiet times.
    simulation.alert(Math.min(fault.duration, 5 * minute) + 5 * minute);
    strike({ simulation, replica, past, duration: fault.duration }, fault);
    simulation.judge.judge(true);
  }
}

/** Where a fault strikes. */
export interface Target {
  readonly simulation: Simulation;
  readonly replica: VirtualReplica;
  /** Contents that the Secret had before, the first one first. */
  readonly past: readonly SecretContent[];
  readonly duration: number;
}

/** Lets one fault happen. */
export function strike(target: Target, fault: Fault): void {
  const { simulation, replica, past, duration } = target;
  const { cluster } = simulation;
  switch (fault.kind) {
    case "nothing":
      break;
    case "stop":
    case "sleep":
      replica.process.pause(duration, fault.kind === "sleep");
      break;
    case "kill":
      kill(target);
      break;
    case "lease-moves":
      lead(simulation, replica);
      break;
    case "two-leaders":
      replica.setLeader(true);
      later(target, () => lead(simulation, replica));
      break;
    case "no-leader":
      lead(simulation, undefined);
      later(target, () => lead(simulation, replica));
      break;
    case "clock-jumps":
      replica.process.moveWall(fault.by);
      later(target, () => {
        simulation.alert(5 * minute);
        replica.process.moveWall(-fault.by);
      });
      break;
    case "slow-messages":
    case "slow-writes":
    case "losses":
    case "partition":
      disturb(target, fault.kind);
      break;
    case "secret-deleted":
      cluster.setSecret(undefined);
      break;
    case "secret-restored":
      cluster.setSecret(past[fault.pick % Math.max(1, past.length)]);
      break;
    case "secret-damaged":
      cluster.setSecret(damage(past.at(-1) ?? {}, fault.pick));
      break;
    case "overwritten":
      overwrite(target, fault.pick);
      break;
    case "configuration-comes":
      cluster.addConfiguration("istio-revision-tag-new", ["rev.namespace", "rev.object"], "");
      break;
    case "configuration-goes":
      cluster.removeConfiguration("istio-revision-tag-new");
      break;
  }
}

function later({ simulation, duration }: Target, run: () => void): void {
  simulation.time.after(duration, run);
}

function lead({ replicas }: Simulation, leader: VirtualReplica | undefined): void {
  for (const replica of replicas) replica.setLeader(replica === leader);
}

// Somebody else gets the Lease, and who comes back gets it when nobody has it.
function kill(target: Target): void {
  const { simulation, replica } = target;
  const leaderless = () => !simulation.replicas.some(({ leader }) => leader);
  replica.kill();
  if (leaderless()) leadOther(simulation, replica);
  later(target, () => {
    if (replica.process.alive) return;
    replica.start();
    if (leaderless()) lead(simulation, replica);
  });
}

function leadOther(simulation: Simulation, replica: VirtualReplica): void {
  lead(
    simulation,
    simulation.replicas.find((one) => one !== replica && one.process.alive && !one.network.partitioned),
  );
}

// A replica that reaches no API server loses the Lease as it runs out.
function partition({ simulation, replica, duration }: Target): void {
  replica.network.partitioned = true;
  simulation.time.after(Math.min(duration, 15 * second), () => {
    if (replica.leader && replica.network.partitioned) leadOther(simulation, replica);
  });
}

function disturb(target: Target, kind: "slow-messages" | "slow-writes" | "losses" | "partition"): void {
  const { simulation, replica } = target;
  const { network } = replica;
  if (kind === "slow-messages") network.delay = () => simulation.random() * 20 * second;
  if (kind === "slow-writes") network.writeDelayMs = 5 * minute;
  if (kind === "losses") network.loss = 0.4;
  if (kind === "partition") partition(target);
  later(target, () => {
    network.calm();
    if (replica.process.alive) replica.reconnect();
  });
}

function overwrite({ simulation: { cluster }, past }: Target, pick: number): void {
  const { content } = cluster.webhooks;
  const target = content[pick % Math.max(1, content.length)];
  const bundles = ["", "garbage", foreign.certificatePem, past[0]?.["ca.crt"] ?? ""];
  if (target !== undefined) cluster.overwrite(target.name, bundles[pick % bundles.length] ?? "");
}

// One key is taken away, or emptied, or garbled, or exchanged for another's text.
function damage(data: Readonly<Record<string, string>>, pick: number): Record<string, string> {
  const keys = Object.keys(data);
  const key = keys[pick % Math.max(1, keys.length)];
  if (key === undefined) return {};
  const { [key]: text = "", ...others } = data;
  const other = keys[(pick >> 3) % keys.length] ?? key;
  switch (pick % 4) {
    case 0:
      return others;
    case 1:
      return { ...others, [key]: "" };
    case 2:
      return { ...others, [key]: `${text.slice(0, text.length / 2)}#${text.slice(text.length / 2)}` };
    default:
      return { ...others, [key]: data[other] ?? "" };
  }
}
