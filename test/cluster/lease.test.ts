import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ClusterError, defaultLeaseTiming, LeaseHolder } from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { recordingLog } from "../../src/telemetry/index.js";
import { ObjectStore } from "./object-store.js";

const path = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/pillion-ca";
const { durationMs, deadlineMs, retryMs } = defaultLeaseTiming;

function noAnswer(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

describe("the Lease", () => {
  let store: ObjectStore;
  let log: ReturnType<typeof recordingLog>;
  let holders: LeaseHolder[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    store = new ObjectStore();
    log = recordingLog();
    holders = [];
  });

  afterEach(async () => {
    store.failure = undefined;
    await Promise.all(holders.map((holder) => holder.close()));
    vi.useRealTimers();
  });

  function holder(
    identity: string,
    { clockMs = 0, stopped = (): boolean => false, onChange = (): void => {} } = {},
  ): LeaseHolder {
    const made = new LeaseHolder(
      {
        ...{ namespace: undefined, stream: () => store.stream() },
        get: async (at, _query, signal) => (stopped() ? noAnswer(signal) : store.get(at)),
        write: async (request, signal) => (stopped() ? noAnswer(signal) : store.write(request)),
      },
      { namespace: "istio-system", name: "pillion-ca", identity },
      { log, now: () => Date.now() + clockMs, ticks: () => performance.now() },
      onChange,
    );
    holders.push(made);
    return made;
  }

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const spec = async () => (await store.get(path)).spec as JsonObject;

  it("is got by one, who keeps it, and told of", async () => {
    const told = vi.fn();
    const a = holder("a", { onChange: told });
    await pass(1);
    const b = holder("b");
    await pass(10 * durationMs);
    expect([a.held, b.held]).toEqual([true, false]);
    expect(told).toHaveBeenCalledTimes(1);
    expect(b.state).toBe("held by a");
    expect(await spec()).toMatchObject({
      holderIdentity: "a",
      leaseTransitions: 1,
      leaseDurationSeconds: 15,
    });
  });

  it("is given back at the end, so that the next one need not wait for it to run out", async () => {
    const a = holder("a");
    await pass(1);
    const b = holder("b");
    await pass(retryMs);
    await a.close();
    await pass(retryMs + 1);
    expect([a.held, b.held]).toEqual([false, true]);
    expect(await spec()).toMatchObject({ holderIdentity: "b" });
  });

  it("runs out when its holder says nothing for its duration, whatever the holder's clock said", async () => {
    let stopped = false;
    // An hour ahead: by its times the Lease is good for an hour yet.
    const a = holder("a", { clockMs: 3_600_000, stopped: () => stopped });
    await pass(1);
    const b = holder("b");
    await pass(3 * retryMs);
    stopped = true;
    await pass(deadlineMs);
    expect([a.held, b.held]).toEqual([false, false]);
    await pass(durationMs);
    expect([a.held, b.held]).toEqual([false, true]);
  });

  it("is not taken from a holder whose clock is far behind", async () => {
    const a = holder("a", { clockMs: -3_600_000 });
    await pass(1);
    const b = holder("b");
    await pass(10 * durationMs);
    expect([a.held, b.held]).toEqual([true, false]);
  });

  it("is lost before another may take it when the API server is away, and got again after that", async () => {
    const a = holder("a");
    await pass(1);
    store.failure = new ClusterError("unreachable", "no connection");
    await pass(deadlineMs + retryMs);
    expect(a.held).toBe(false);
    expect(a.state).toContain("no connection");
    store.failure = undefined;
    await pass(2 * retryMs);
    expect(a.held).toBe(true);
    expect(log.records.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("is not held by a machine that slept: one of its two clocks has gone on", async () => {
    let slept = 0;
    const a = new LeaseHolder(
      store,
      { namespace: "istio-system", name: "pillion-ca", identity: "a" },
      { log, now: () => Date.now() + slept, ticks: () => performance.now() },
      () => {},
    );
    holders.push(a);
    await pass(1);
    expect(a.held).toBe(true);
    slept = 3_600_000;
    expect(a.held).toBe(false);
  });

  it("that is deleted is made anew", async () => {
    const a = holder("a");
    await pass(1);
    store.delete(path);
    await pass(3 * retryMs);
    expect(a.held).toBe(true);
    expect(await spec()).toMatchObject({ holderIdentity: "a" });
  });

  it("made empty by Helm belongs to nobody", async () => {
    await store.write({
      method: "POST",
      path: path.replace(/\/[^/]*$/, ""),
      body: { metadata: { name: "pillion-ca", labels: { a: "b" } } },
    });
    const a = holder("a");
    await pass(1);
    expect(a.held).toBe(true);
    expect(await store.get(path)).toMatchObject({ metadata: { labels: { a: "b" } } });
  });
});
