import { pino } from "pino";
import { type Log, type LogLevel, pinoLog, textLog } from "../telemetry/index.js";

/** Makes the log of a process: JSON lines, or text for people, both on standard output. */
export function createLog(level: LogLevel, format: "json" | "text"): Log {
  if (format === "text") {
    return textLog({ level, now: Date.now, write: (line) => process.stdout.write(line) });
  }
  return pinoLog(
    pino({
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: "message",
    }),
  );
}
