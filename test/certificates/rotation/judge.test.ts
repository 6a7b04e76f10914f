import { describe, expect, it } from "vitest";
import type { RotationObservation } from "../../../src/certificates/index.js";
import {
  changeAuthority,
  leaveAlone,
  overwriteAll,
  type Scenario,
  sleepLong,
  writeLate,
} from "./scenarios.js";
import type { SimulationOptions } from "./simulation.js";

const never = Number.POSITIVE_INFINITY;

describe("the judge finds a protocol that", { timeout: 600_000 }, () => {
  const rows: readonly [string, Scenario, Partial<SimulationOptions>][] = [
    ["does not wait until API servers know an authority", changeAuthority, { policy: { propagationMs: 0 } }],
    ["takes the old authority away before its leaves have ended", changeAuthority, forgetful()],
    ["serves before the bundle was read back", changeAuthority, gullible()],
    ["writes bundles whatever their resourceVersion", writeLate, { mutation: { careless: true } }],
    ["does not notice that the machine slept", sleepLong, { policy: { jumpMs: never, stopMs: never } }],
    ["takes every clock to be exact", leaveAlone, { policy: { clockToleranceMs: 0 } }],
    ["stays ready with bundles that others wrote", overwriteAll, { policy: { overwriteGraceMs: never } }],
  ];
  it.each(rows)("%s", async (_what, run, mutation) => {
    await expect(run(mutation)).rejects.toThrow(/refuses/);
  });

  it("is another than ours", async () => {
    for (const run of new Set(rows.map(([, scenario]) => scenario))) await run();
  });
});

// An authority that is just listed no more is no fault that matters: the bundles still hold it, and it is adopted from
// them. One whose last leaf is said to have ended is taken out of the bundles, too.
function forgetful(): Partial<SimulationOptions> {
  return {
    mutation: {
      plan: (plan) => ({ ...plan, retired: plan.retired.map((one) => ({ ...one, until: plan.time })) }),
    },
  };
}

// A bundle that is another needs another version, and by that no write would be accepted.
function gullible(): Partial<SimulationOptions> {
  return { mutation: { observation: asIfPublished, careless: true } };
}

/** What a replica sees, with the authorities of the Secret in every bundle, whether they are there or not. */
function asIfPublished(observation: RotationObservation): RotationObservation {
  const { secret, webhooks } = observation;
  const { data = {}, resourceVersion } = secret?.found ?? {};
  const authorities = [data["next-ca.crt"], data["ca.crt"]].join("");
  const configurations = webhooks?.configurations.map((one) => ({
    ...one,
    resourceVersion: `${one.resourceVersion} ${resourceVersion}`,
    entries: one.entries.map(({ name, caBundle }) => ({ name, caBundle: `${caBundle}${authorities}` })),
  }));
  return { ...observation, webhooks: webhooks && { ...webhooks, configurations: configurations ?? [] } };
}
