/** How loud a log is, from the quietest. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** The levels from the quietest to the loudest. */
export const logLevels: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** What goes with a message. Values are plain, so that every writer can print them; undefined is left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the program tells what it does. A message is a constant sentence; what varies is in the fields. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Whether a message of this level would be written: asks before costly fields are made. */
  enabled(level: LogLevel): boolean;
  /** Changes the level while the program runs. */
  setLevel(level: LogLevel): void;
  level(): LogLevel;
}

/** Tells whether a text names a level. */
export function isLogLevel(text: string): text is LogLevel {
  return logLevels.some((level) => level === text);
}
