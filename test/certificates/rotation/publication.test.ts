import { webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  createAuthority,
  defaultRotationPolicy,
  initialRotation,
  issueLeaf,
  makeSecret,
  parseCertificates,
  type RotationOptions,
  stepRotation,
} from "../../../src/certificates/index.js";
import { toAuthority } from "../../../src/certificates/rotation/authority.js";
import { host } from "./judge.js";
import { day, hour, minute } from "./virtual-time.js";

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

/** What a replica with the Lease writes when the bundle is this one and its clock shows this time. */
function publishes(caBundle: string, wall: number): string | undefined {
  const observation = {
    wall,
    monotonic: 1000,
    leader: true,
    secret: { currentAt: 1000, found: { resourceVersion: "1", data: secret } },
    webhooks: {
      currentAt: 1000,
      configurations: [{ name: "sidecar", resourceVersion: "2", entries: [{ name: "rev", caBundle }] }],
    },
  };
  return stepRotation(initialRotation(), observation, options).decision.publish?.caBundle;
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
