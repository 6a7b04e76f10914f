import { type DestinationStream, pino } from "pino";
import { type Log, type LogLevel, pinoLog, textLog } from "../telemetry/index.js";

/**
 * Makes the log of a process: JSON lines, or text for people, both on standard output.
 *
 * @param when `at once`: each line is written before the call returns, and without the main thread, through which another
 *   thread's `process.stdout` goes
 */
export function createLog(
  level: LogLevel,
  format: "json" | "text",
  when: "in turns" | "at once" = "in turns",
): Log {
  const direct = when === "at once" ? pino.destination({ dest: 1, sync: true }) : undefined;
  if (format === "text") {
    const write = (line: string) => void (direct ?? process.stdout).write(line);
    return textLog({ level, now: Date.now, write });
  }
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: "message",
  };
  return pinoLog(pino(options, direct ?? standardOutput()));
}

// Workers share standard output. Linux writes so many bytes to a pipe in one piece; what is longer may be torn apart by
// another worker's lines.
const pipeBuffer = 4096;

/** Standard output, one write for the lines of one turn of the event loop: a write costs as much as making the line. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let held = "";
  let heldBytes = 0;
  const flush = () => {
    if (held !== "") output.write(held);
    held = "";
    heldBytes = 0;
  };
  process.once("exit", flush);
  return {
    write: (line) => {
      const bytes = Buffer.byteLength(line);
      if (held === "") setImmediate(flush);
      else if (heldBytes + bytes > pipeBuffer) flush();
      held += line;
      heldBytes += bytes;
    },
  };
}
