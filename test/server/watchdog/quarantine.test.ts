import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AdmissionOutcome } from "../../../src/admission/index.js";
import { embeddedDefaults } from "../../../src/config/index.js";
import { compileConfig } from "../../../src/injection/index.js";
import { guardReviews } from "../../../src/server/watchdog/guard-reviews.js";
import { keepQuarantine } from "../../../src/server/watchdog/hang-guard.js";
import {
  Quarantine,
  type QuarantinedReview,
  quarantineLimit,
  quarantineMs,
} from "../../../src/server/watchdog/quarantine.js";
import { reviewIdentity } from "../../../src/server/watchdog/review-identity.js";
import { SharedPulse } from "../../../src/server/watchdog/shared-pulse.js";
import { recordingLog, recordingMetrics } from "../../../src/telemetry/index.js";
import { readAnswer, reviewOf, smallPod } from "../../support/admission-review.js";

const bodyOf = (name: string, uid = "some-uid") =>
  Buffer.from(reviewOf(smallPod("cart", { annotations: { name } }), "shop", uid));
const caught = (body: Uint8Array, at = 0): QuarantinedReview => {
  const { apiVersion: _, ...identity } = reviewIdentity(body);
  return { ...identity, at, until: at + quarantineMs };
};

describe("the quarantine", () => {
  it("finds a review that comes again with another uid, and no other", () => {
    const quarantine = new Quarantine(() => 0);
    quarantine.add(caught(bodyOf("a", "first")));
    expect(quarantine.find(bodyOf("a", "second"))).toMatchObject({
      review: { uid: "second" },
      caught: { uid: "first" },
    });
    expect(quarantine.find(bodyOf("b"))).toBeUndefined();
  });

  it("lets each go when its time is over, which being caught again does not prolong", () => {
    let now = 0;
    const quarantine = new Quarantine(() => now);
    const seen: number[] = [];
    quarantine.onChange((reviews) => seen.push(reviews.length));
    quarantine.add(caught(bodyOf("a")));
    now = quarantineMs / 2;
    quarantine.add(caught(bodyOf("a"), now), caught(bodyOf("b"), now));
    now = quarantineMs;
    expect(quarantine.find(bodyOf("a"))).toBeUndefined();
    expect(quarantine.find(bodyOf("b"))).toBeDefined();
    quarantine.expire();
    expect(quarantine.reviews.map(({ at }) => at)).toEqual([quarantineMs / 2]);
    now *= 2;
    quarantine.expire();
    quarantine.expire();
    expect(seen).toEqual([1, 2, 1, 0]);
  });

  it("keeps the newest, up to its limit", () => {
    const quarantine = new Quarantine(() => 0);
    for (let turn = 0; turn <= quarantineLimit; turn++) quarantine.add(caught(bodyOf(`pod ${turn}`)));
    expect(quarantine.reviews).toHaveLength(quarantineLimit);
    expect(quarantine.find(bodyOf("pod 0"))).toBeUndefined();
    expect(quarantine.find(bodyOf(`pod ${quarantineLimit}`))).toBeDefined();
  });
});

describe("a guarded handler", () => {
  const { injectConfig, values, mesh, templates } = embeddedDefaults;
  const outcome: AdmissionOutcome = {
    ...{ body: "an answer", result: "injected", reason: "label-true", uid: "", namespace: "", pod: "" },
    ...{ templates: [], warnings: [] },
  };
  const snapshot = compileConfig({ injectConfig, values, mesh, templates });
  const context = { snapshot, path: "/inject", now: () => 0, elapsed: () => 0 };

  it("handles reviews while the watching thread sees them, and rejects one that is quarantined without handling it", () => {
    const pulse = new SharedPulse();
    const quarantine = new Quarantine(() => 0);
    const handled: string[] = [];
    const other = new SharedPulse(pulse.buffer);
    const review = guardReviews(
      () => {
        handled.push(Buffer.from(other.review?.body ?? []).toString());
        return outcome;
      },
      pulse,
      quarantine,
    );
    const [innocent, hostile] = [bodyOf("a"), bodyOf("b", "its-uid")];
    expect(review(innocent, context)).toBe(outcome);
    expect(other.review).toBeUndefined();
    quarantine.add(caught(bodyOf("b", "another-uid")));
    const rejected = review(hostile, context);
    expect(rejected).toMatchObject({ result: "failed", reason: "quarantined", namespace: "shop" });
    expect(readAnswer(rejected.body)).toMatchObject({
      apiVersion: "admission.k8s.io/v1",
      response: { uid: "its-uid", allowed: false, auditAnnotations: { reason: "quarantined" } },
    });
    expect(handled).toEqual([innocent.toString()]);
  });

  it("is not in flight any more after a handler that throws", () => {
    const pulse = new SharedPulse();
    const failing = guardReviews(
      () => {
        throw new Error("no");
      },
      pulse,
      new Quarantine(() => 0),
    );
    expect(() => failing(bodyOf("a"), context)).toThrow("no");
    expect(pulse.review).toBeUndefined();
  });
});

describe("a quarantine file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pillion-quarantine-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function keep(file: string, now = 0) {
    const world = { log: recordingLog("info"), metrics: recordingMetrics(), now: () => now };
    const quarantine = new Quarantine(world.now);
    keepQuarantine(quarantine, file, world);
    return { quarantine, ...world };
  }

  it("keeps what is quarantined for the next process, which shows it on its metrics page, until its time is over", async () => {
    const file = join(folder, "quarantine.json");
    const series =
      "pillion_quarantined_review_bytes{review_kind=Pod,review_namespace=shop,review_uid=some-uid}";
    const body = bodyOf("a");
    keep(file).quarantine.add(caught(body));
    expect(await readdir(folder)).toEqual(["quarantine.json"]);
    const next = keep(file, quarantineMs - 1);
    expect(next.quarantine.find(body)).toBeDefined();
    expect(next.metrics.series().get(series)).toBe(body.length);
    const later = keep(file, quarantineMs);
    expect(later.quarantine.find(body)).toBeUndefined();
    expect(later.metrics.series().has(series)).toBe(false);
  });

  it("of a clock that was put back prolongs nothing", () => {
    const file = join(folder, "quarantine.json");
    keep(file, 100 * quarantineMs).quarantine.add(caught(bodyOf("a"), 100 * quarantineMs));
    expect(keep(file).quarantine.reviews[0]?.until).toBe(quarantineMs);
  });

  it.each([
    "{",
    "null",
    "[1, null, {}]",
    '[{"uid": 1}]',
    `[${JSON.stringify({ ...caught(bodyOf("a")), at: "x" })}]`,
  ])("that holds %s holds no review, and the server starts all the same", async (text) => {
    const file = join(folder, "quarantine.json");
    await writeFile(file, text);
    expect(keep(file).quarantine.reviews).toEqual([]);
  });

  it("that cannot be written is reported, and the review is quarantined all the same", () => {
    const { quarantine, log } = keep(join(folder, "nowhere", "quarantine.json"));
    quarantine.add(caught(bodyOf("a")));
    expect(quarantine.find(bodyOf("a"))).toBeDefined();
    expect(log.records.map(({ message }) => message)).toEqual(["the quarantine file cannot be used"]);
  });
});

describe("labels of a quarantined review", () => {
  it("are never more than a name", () => {
    const world = { log: recordingLog("info"), metrics: recordingMetrics(), now: () => 0 };
    const quarantine = new Quarantine(world.now);
    keepQuarantine(quarantine, undefined, world);
    quarantine.add({ ...caught(bodyOf("a")), uid: 'a"b\n', kind: "", namespace: "x".repeat(300) });
    expect([...world.metrics.series().keys()]).toEqual([
      "pillion_quarantined_review_bytes{review_kind=other,review_namespace=other,review_uid=other}",
    ]);
  });
});
