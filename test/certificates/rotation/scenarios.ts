import { certificateInfo, parseCertificates, renewalTime } from "../../../src/certificates/index.js";
import { Simulation, type SimulationOptions } from "./simulation.js";
import { day, hour, minute } from "./virtual-time.js";

/** The same faults in every run, unless another seed is asked for. */
export const seed: number = Number(process.env.PILLION_SEED ?? 11);

/** An installation that has been quiet for ten minutes. Its authorities live for two months, so that faults meet their change. */
export async function installed(options: SimulationOptions): Promise<Simulation> {
  const simulation = new Simulation({ ...options, policy: { authorityDays: 60, ...options.policy } });
  simulation.install();
  await simulation.pass(10 * minute);
  return simulation;
}

/** Something that a protocol without fault survives. */
export type Scenario = (options?: Partial<SimulationOptions>) => Promise<void>;

/** A change of authority, of which one replica hears two days later. */
export const changeAuthority: Scenario = async (options) => {
  const simulation = await installed({ seed, ...options });
  await simulation.pass(timeToNewAuthority(simulation) - hour);
  const { network } = simulation.replica(2);
  network.partitioned = true;
  await simulation.pass(2 * day);
  network.calm();
  simulation.replica(2).reconnect();
  await simulation.pass(9 * day);
  simulation.demandHealth();
};

/** Ten days in which nobody renews. */
export const leaveAlone: Scenario = async (options) => {
  const simulation = await installed({ seed, ...options });
  for (const replica of simulation.replicas) replica.setLeader(false);
  // Somebody looks every minute, as probes do.
  for (let passed = 0; passed < 8 * day; passed += passed < 6.9 * day ? hour : minute) {
    await simulation.pass(passed < 6.9 * day ? hour : minute);
  }
};

/** A machine sleeps for longer than a leaf lives. */
export const sleepLong: Scenario = async (options) => {
  const simulation = await installed({ seed, ...options });
  simulation.replica(1).process.pause(30 * day, true);
  await simulation.pass(31 * day);
  simulation.demandHealth();
};

/** A write of a bundle is on its way for minutes, and meanwhile another writer changes the authority. */
export const writeLate: Scenario = async (options) => {
  for (let attempt = 0; attempt < 6; attempt++) {
    const simulation = await installed({
      ...options,
      seed: seed + attempt,
      policy: { authorityDays: 21, ...options?.policy },
    });
    await simulation.pass(timeToNewAuthority(simulation) - 7 * minute);
    simulation.replica(0).network.writeDelayMs = 20 * minute;
    simulation.cluster.overwrite("istio-sidecar-injector", "");
    await simulation.pass(minute);
    simulation.replica(1).setLeader(true);
    simulation.replica(0).setLeader(false);
    await simulation.pass(30 * minute);
  }
};

/** All bundles are overwritten, and for minutes no repair arrives. */
export const overwriteAll: Scenario = async (options) => {
  const simulation = await installed({ seed, ...options });
  simulation.alert(hour);
  for (const { network } of simulation.replicas) network.writeDelayMs = 5 * minute;
  for (const { name } of simulation.cluster.webhooks.content) simulation.cluster.overwrite(name, "");
  await simulation.pass(2 * minute);
  for (const { network } of simulation.replicas) network.calm();
  await simulation.pass(10 * minute);
  simulation.demandHealth();
};

function timeToNewAuthority({ cluster, time }: Simulation): number {
  const [authority] = parseCertificates(cluster.secret.content?.data["ca.crt"] ?? "");
  if (authority === undefined) throw new Error("no authority was made");
  return renewalTime(certificateInfo(authority)) - time.now;
}
