import { type Log, type LogFields, type LogLevel, logLevels } from "./log.js";

/** One message that a recording log was given. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A {@link Log} that keeps what it is told, for tests. */
export interface RecordingLog extends Log {
  readonly records: readonly LogRecord[];
}

/** Makes an empty recording log. It keeps what its level lets through. */
export function recordingLog(level: LogLevel = "debug"): RecordingLog {
  const records: LogRecord[] = [];
  let current = level;
  const enabled = (wanted: LogLevel) => logLevels.indexOf(wanted) <= logLevels.indexOf(current);
  const put =
    (wanted: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (enabled(wanted)) records.push({ level: wanted, message, fields });
    };
  return {
    records,
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
