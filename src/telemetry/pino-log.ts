import type { Logger } from "pino";
import { isLogLevel, type Log, type LogLevel } from "./log.js";

/** What of pino is used. It is made by the caller, so that this floor loads no server library. */
export type PinoLogger = Pick<Logger, LogLevel | "isLevelEnabled" | "level">;

/** A {@link Log} that writes JSON lines through pino. */
export function pinoLog(logger: PinoLogger): Log {
  return {
    error: (message, fields) => logger.error(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    enabled: (level) => logger.isLevelEnabled(level),
    setLevel: (level) => {
      logger.level = level;
    },
    level: () => (isLogLevel(logger.level) ? logger.level : "info"),
  };
}
