import { KubeError, parseGoDuration } from "../../kube/index.js";

/** Reads a port as Go reads a uint16 flag: decimal, or with a prefix 0x, 0o, 0b or 0; undefined if it is none. */
export function readPort(text: string): number | undefined {
  const digits = /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text;
  if (!/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/.test(digits) || text.length > 20)
    return undefined;
  const value = Number(digits);
  return value <= 65535 ? value : undefined;
}

/** Reads a duration as Go's `time.ParseDuration` does, in milliseconds; undefined if it is none. */
export function readDuration(text: string): number | undefined {
  try {
    return Number(parseGoDuration(text)) / 1e6;
  } catch (error) {
    if (error instanceof KubeError) return undefined;
    throw error;
  }
}
