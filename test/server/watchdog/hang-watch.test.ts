import { describe, expect, it } from "vitest";
import { hangLimits } from "../../../src/server/watchdog/hang-limits.js";
import { HangWatch } from "../../../src/server/watchdog/hang-watch.js";
import type { Scheduling } from "../../../src/server/watchdog/scheduling.js";
import { SharedPulse } from "../../../src/server/watchdog/shared-pulse.js";

const body = Buffer.from("a review");

/** Looks four times a second until a process would be ended, or for two minutes; tells when what was found. */
function watch(
  pulse: SharedPulse,
  hangMs: number,
  scheduling: (now: number) => Scheduling | undefined,
  at?: (now: number) => void,
) {
  let now = 0;
  const other = new SharedPulse(pulse.buffer);
  const hang = new HangWatch(other, hangLimits(hangMs), now, () => scheduling(now));
  const blamed: { readonly at: number; readonly body: string }[] = [];
  for (now = 250; now <= 120_000; now += 250) {
    at?.(now);
    const finding = hang.look(now);
    if (finding.blamed !== undefined) blamed.push({ at: now, body: Buffer.from(finding.blamed).toString() });
    if (finding.end) return { blamed, endedAt: now };
  }
  return { blamed, endedAt: undefined };
}

const computes = (now: number) => ({ ranMs: now + 1, waitedMs: 0 });
const blocked = () => ({ ranMs: 1, waitedMs: 0 });

describe("a main thread", () => {
  it("that computes one review without end is ended, and the review blamed before that, once", () => {
    const pulse = new SharedPulse();
    pulse.begin(body);
    expect(watch(pulse, 10_000, computes)).toEqual({
      blamed: [{ at: 5000, body: "a review" }],
      endedAt: 10_000,
    });
  });

  it("that is held by something else is ended, and the review is not blamed", () => {
    const pulse = new SharedPulse();
    pulse.begin(body);
    expect(watch(pulse, 10_000, blocked)).toEqual({ blamed: [], endedAt: 10_000 });
  });

  it("that hangs in no review, or in one after the other, blames none", () => {
    expect(watch(new SharedPulse(), 10_000, computes).blamed).toEqual([]);
    const pulse = new SharedPulse();
    const next = () => {
      pulse.begin(body);
      pulse.end();
      pulse.begin(body);
    };
    pulse.begin(body);
    pulse.end();
    expect(watch(pulse, 10_000, computes, (now) => now % 1000 === 0 && next()).blamed).toEqual([]);
  });

  it("that gives signs goes on, whatever is in flight when somebody looks", () => {
    const pulse = new SharedPulse();
    pulse.begin(body);
    const found = watch(pulse, 10_000, computes, (now) => now % 4000 === 0 && pulse.beat(false));
    expect(found).toEqual({ blamed: [], endedAt: undefined });
  });

  it("that compiles a configuration has a minute", () => {
    const pulse = new SharedPulse();
    pulse.compiling = true;
    expect(watch(pulse, 10_000, computes).endedAt).toBe(60_000);
  });

  it("is never ended where nobody wants it, but its review is blamed", () => {
    const pulse = new SharedPulse();
    pulse.begin(body);
    const { blamed, endedAt } = watch(pulse, 0, computes);
    expect([blamed.length, endedAt]).toEqual([1, undefined]);
  });
});
