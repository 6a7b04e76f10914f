import { type Log, type LogFields, type LogLevel, logLevels } from "./log.js";

/** What a text log needs of the world. */
export interface TextLogOptions {
  /** Takes one line with its line end. */
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly level: LogLevel;
}

/** A {@link Log} for people: time, level, message, then `key=value`. Values that are not one plain word are quoted. */
export function textLog({ write, now, level }: TextLogOptions): Log {
  let current = level;
  const enabled = (wanted: LogLevel) => logLevels.indexOf(wanted) <= logLevels.indexOf(current);
  const put = (wanted: LogLevel) => (message: string, fields?: LogFields) => {
    if (enabled(wanted)) write(formatLine(new Date(now()), wanted, message, fields));
  };
  return {
    error: put("error"),
    warn: put("warn"),
    info: put("info"),
    debug: put("debug"),
    enabled,
    setLevel: (wanted) => {
      current = wanted;
    },
    level: () => current,
  };
}

function formatLine(time: Date, level: LogLevel, message: string, fields: LogFields = {}): string {
  const words = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${formatValue(String(value))}`);
  return `${time.toISOString()} ${level.toUpperCase().padEnd(5)} ${message}${words.join("")}\n`;
}

// Quoting by JSON keeps a line a line: what a client sent cannot begin a new one.
function formatValue(value: string): string {
  return /^[\w.:/*+-]+$/.test(value) ? value : JSON.stringify(value);
}
