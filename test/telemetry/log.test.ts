import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { isLogLevel, type Log, pinoLog, recordingLog, textLog } from "../../src/telemetry/index.js";

/** Each version of the log with a way to see which messages it let through. */
const versions: readonly [string, () => { log: Log; messages: () => readonly string[] }][] = [
  [
    "pino",
    () => {
      const lines: string[] = [];
      const logger = pino({ level: "info", base: null }, { write: (line) => lines.push(line) });
      return { log: pinoLog(logger), messages: () => lines.map((line) => String(JSON.parse(line).msg)) };
    },
  ],
  [
    "text",
    () => {
      const lines: string[] = [];
      const log = textLog({ write: (line) => lines.push(line), now: () => 0, level: "info" });
      return { log, messages: () => lines.map((line) => line.split(" ").slice(2).join(" ").trim()) };
    },
  ],
  [
    "recording",
    () => {
      const log = recordingLog("info");
      return { log, messages: () => log.records.map((record) => record.message) };
    },
  ],
];

describe.each(versions)("the %s log", (_name, make) => {
  it("writes what its level lets through, and the level can be changed while it runs", () => {
    const { log, messages } = make();
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(log.level()).toBe("info");
    expect(log.enabled("debug")).toBe(false);
    log.setLevel("debug");
    expect(log.level()).toBe("debug");
    log.debug("e");
    log.setLevel("error");
    log.warn("f");
    expect(messages()).toEqual(["b", "c", "d", "e"]);
  });
});

describe("the text log", () => {
  it("prints fields behind the message and keeps a line a line", () => {
    const lines: string[] = [];
    const log = textLog({ write: (line) => lines.push(line), now: () => 0, level: "info" });
    log.warn("pod injected", {
      pod: "shop/cart-*****",
      microseconds: 812,
      gone: undefined,
      text: 'a "b"\nERROR c',
    });
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z WARN  pod injected pod=shop/cart-***** microseconds=812 text="a \\"b\\"\\nERROR c"\n',
    ]);
  });
});

describe("the pino log", () => {
  it("writes fields as members of the JSON line", () => {
    const lines: string[] = [];
    const log = pinoLog(pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }));
    log.info("pod injected", { uid: "u1", microseconds: 5 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 30, uid: "u1", microseconds: 5, msg: "pod injected" },
    ]);
  });
});

describe("isLogLevel", () => {
  it("knows the four levels and no other word", () => {
    expect(["error", "warn", "info", "debug"].every(isLogLevel)).toBe(true);
    expect(["", "trace", "INFO", "constructor"].some(isLogLevel)).toBe(false);
  });
});
