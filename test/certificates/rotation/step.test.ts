import { webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  createAuthority,
  defaultRotationPolicy,
  initialRotation,
  issueLeaf,
  makeSecret,
  parseCertificates,
  type RotationObservation,
  type RotationOptions,
  stepRotation,
} from "../../../src/certificates/index.js";
import { toAuthority } from "../../../src/certificates/rotation/authority.js";
import { host } from "./judge.js";
import { day, hour, minute, second } from "./virtual-time.js";

const made = Date.UTC(2026, 0, 1);
const world = { crypto: webcrypto, now: made };
const authorityName = "Pillion istio-system/pillion-ca";
const options: RotationOptions = { names: [host], authorityName, policy: defaultRotationPolicy };
const [old, current] = [
  await createAuthority({ commonName: authorityName, days: 60, earlyMs: hour }, world),
  await createAuthority({ commonName: authorityName, days: 60, earlyMs: hour }, world),
];
const leaf = await issueLeaf(current, { names: [host], days: 7, earlyMs: hour }, world);
const [oldCertificate] = parseCertificates(old.certificatePem);
if (oldCertificate === undefined) throw new Error("nothing was parsed");
const until = made + 3 * day;
const retired = [{ authority: toAuthority(oldCertificate), until }];
const secret = await makeSecret(
  { time: made, changes: [], signing: current, next: undefined, leaf, retired, options },
  webcrypto,
);
const both = `${current.certificatePem}\n${old.certificatePem}`;

/** What a replica sees of configurations with these bundles. */
function observe(bundles: readonly string[], monotonic: number, wall: number): RotationObservation {
  const configurations = bundles.map((caBundle, index) => ({
    name: `configuration-${index}`,
    // A bundle that is another makes another version.
    resourceVersion: `${caBundle.length}`,
    entries: [{ name: "rev", caBundle }],
  }));
  return {
    wall,
    monotonic,
    leader: true,
    secret: { currentAt: monotonic, found: { resourceVersion: "1", data: secret } },
    webhooks: { currentAt: monotonic, configurations },
  };
}

/** What a replica with the Lease writes when the bundle is this one and its clock shows this time. */
function publishes(caBundle: string, wall: number): string | undefined {
  const { decision } = stepRotation(initialRotation(), observe([caBundle], 1000, wall), options);
  return decision.publish?.caBundle;
}

/** Whether a replica that starts is ready after each step, a row: seconds since its start, and bundles. */
function readiness(rows: readonly (readonly [number, ...(readonly string[])])[]): readonly boolean[] {
  let state = initialRotation();
  return rows.map(([seconds, ...bundles]) => {
    const monotonic = 1000 + seconds * second;
    const stepped = stepRotation(state, observe(bundles, monotonic, made + day + monotonic), options);
    state = stepped.state;
    return stepped.decision.ready;
  });
}

function count(bundle: string | undefined): number | undefined {
  return bundle === undefined ? undefined : parseCertificates(bundle).length;
}

describe("an authority whose leaves end", () => {
  it("is put back into the bundle while it is needed", () => {
    expect(count(publishes(current.certificatePem, until - 11 * minute))).toBe(2);
    expect(publishes(both, until - 11 * minute)).toBeUndefined();
  });

  it("is taken out at its end", () => {
    expect(count(publishes(both, until))).toBe(1);
    expect(publishes(current.certificatePem, until)).toBeUndefined();
  });

  it("is neither put back nor taken out in the minutes by which clocks differ", () => {
    expect(publishes(current.certificatePem, until - 9 * minute)).toBeUndefined();
    expect(publishes(both, until - 1)).toBeUndefined();
  });

  it("does not keep from repairing what is foreign", () => {
    expect(count(publishes("", until - minute))).toBe(2);
    expect(count(publishes(`${both}\ngarbage`, until - minute))).toBe(2);
  });
});

describe("a replica that starts", () => {
  // Steps are never further apart, or it would count as stopped.
  const moments = [0, 50, 100];

  it("is ready at once when each entry trusts what it serves", () => {
    expect(readiness([[0, both, both]])).toEqual([true]);
  });

  it("waits two minutes for an entry that cannot be made to trust it", () => {
    const rows = [...moments, 119, 120].map((at) => [at, both, "foreign"] as const);
    expect(readiness(rows)).toEqual([false, false, false, false, true]);
  });

  it("waits longer for one that was made to trust it just now, until every API server knows", () => {
    const rows = moments.map((at) => [at, both, "foreign"] as const);
    const repaired = [110, 150, 169, 170].map((at) => [at, both, both] as const);
    expect(readiness([...rows, ...repaired])).toEqual([false, false, false, false, false, false, true]);
  });

  it("waits on when no entry trusts it", () => {
    const rows = [...moments, 150, 200].map((at) => [at, "", "foreign"] as const);
    expect(readiness(rows)).toEqual([false, false, false, false, false]);
  });
});
