import { describe, expect, it } from "vitest";
import { Rounds } from "../../src/server/rounds.js";

/** Rounds with a clock that stands still but for what pieces of work say that they take. */
function rounds() {
  const events: string[] = [];
  let clock = 0;
  const under = new Rounds(() => clock);
  const work = (name: string, milliseconds = 0, heavy = false) =>
    under
      .do(() => {
        events.push(`does ${name}`);
        clock += milliseconds;
        return name;
      }, heavy)
      .then((result) => {
        events.push(`answers ${result}`);
      });
  return { under, work, events };
}

describe("Rounds", () => {
  it("does all work of one turn before the first result goes out", async () => {
    const { work, events } = rounds();
    const all = [work("a"), work("b"), work("c")];
    expect(events).toEqual([]);
    await Promise.all(all);
    expect(events).toEqual(["does a", "does b", "does c", "answers a", "answers b", "answers c"]);
  });

  it("lets results go out when a round takes long, and goes on with the rest", async () => {
    const { work, events } = rounds();
    await Promise.all([work("a", 3), work("b", 3), work("c", 3), work("d")]);
    expect(events).toEqual([
      ...["does a", "does b", "answers a", "answers b"],
      ...["does c", "does d", "answers c", "answers d"],
    ]);
  });

  it("does one piece in a round however long it takes", async () => {
    const { work, events } = rounds();
    await Promise.all([work("a", 100), work("b", 100)]);
    expect(events).toEqual(["does a", "answers a", "does b", "answers b"]);
  });

  it("puts work that comes between two rounds behind what waits", async () => {
    const { work, events } = rounds();
    let late: Promise<void> | undefined;
    const first = work("a", 5).then(() => {
      late = work("c");
    });
    await Promise.all([first, work("b", 5)]);
    await late;
    expect(events.filter((event) => event.startsWith("does"))).toEqual(["does a", "does b", "does c"]);
  });

  it("does heavy work in turns with the rest, one piece at a time", async () => {
    const { work, events } = rounds();
    await Promise.all([
      ...[work("A", 50, true), work("B", 50, true), work("C", 50, true)],
      ...[work("a", 3), work("b", 3), work("c", 3)],
    ]);
    expect(events).toEqual([
      ...["does a", "does b", "answers a", "answers b", "does A", "answers A"],
      ...["does c", "answers c", "does B", "answers B", "does C", "answers C"],
    ]);
  });

  it("rejects with what a piece throws, and only that", async () => {
    const { under } = rounds();
    const outcomes = await Promise.allSettled([
      under.do(() => 1),
      under.do(() => {
        throw new Error("not this one");
      }),
      under.do(() => 3),
    ]);
    expect(outcomes).toEqual([
      { status: "fulfilled", value: 1 },
      { status: "rejected", reason: new Error("not this one") },
      { status: "fulfilled", value: 3 },
    ]);
  });

  it("works again after it has been idle", async () => {
    const { work, events } = rounds();
    await work("a");
    await work("b");
    expect(events).toEqual(["does a", "answers a", "does b", "answers b"]);
  });
});
