import { describe, expect, it } from "vitest";
import type { Scheduling } from "../../../src/server/watchdog/scheduling.js";
import { Silence } from "../../../src/server/watchdog/silence.js";

/** Looks four times a second for so many seconds, at a thread that has this share of a processor and wants that share. */
function watched(seconds: number, share: { readonly ran: number; readonly waited: number } | undefined) {
  let scheduling: Scheduling | undefined = share && { ranMs: 1, waitedMs: 0 };
  const silence = new Silence(0, () => scheduling);
  for (let now = 250; now <= seconds * 1000; now += 250) {
    if (scheduling !== undefined && share !== undefined)
      scheduling = {
        ranMs: scheduling.ranMs + 250 * share.ran,
        waitedMs: scheduling.waitedMs + 250 * share.waited,
      };
    silence.look(now);
  }
  return silence;
}

describe("the silence of an event loop", () => {
  it.each([
    ["that computes all the time", { ran: 1, waited: 0 }],
    ["that is blocked and wants no processor", { ran: 0, waited: 0 }],
    ["that has to share its processor with three others", { ran: 0.25, waited: 0.75 }],
    ["of which the system tells nothing", undefined],
  ])("of a thread %s counts in full", (_what, share) => {
    expect(watched(10, share).ms).toBe(10_000);
  });

  it("of a starved thread counts by what processor time it had", () => {
    const { ms, ranMs } = watched(60, { ran: 0.02, waited: 0.98 });
    expect(ms).toBeLessThan(12_000);
    expect(ranMs).toBeLessThan(1200);
  });

  it("tells whether its thread computed or was held, whatever share of a processor it had", () => {
    expect(watched(10, { ran: 0.02, waited: 0.98 }).computed).toBe(true);
    expect(watched(10, { ran: 1, waited: 0 }).computed).toBe(true);
    expect(watched(10, undefined).computed).toBe(true);
    expect(watched(10, { ran: 0.1, waited: 0.1 }).computed).toBe(false);
  });

  it("ends with a sign, and begins again at nothing", () => {
    const silence = watched(10, { ran: 1, waited: 0 });
    silence.heard(10_100);
    expect([silence.ms, silence.ranMs]).toEqual([0, undefined]);
    silence.look(10_350);
    expect(silence.ms).toBe(250);
  });

  it("does not count the time in which the one who looks did not run either, as in a suspended machine", () => {
    const silence = new Silence(0, () => undefined);
    silence.look(250);
    silence.look(3_600_000);
    expect(silence.ms).toBeLessThan(1000);
  });
});
