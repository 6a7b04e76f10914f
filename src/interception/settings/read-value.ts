const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** Reads a boolean as Go's `strconv.ParseBool` does; undefined if it is none. */
export function readBoolean(text: string): boolean | undefined {
  return booleans.get(text);
}

/** Reads a port as Go reads a uint16 flag: decimal, or with a prefix 0x, 0o, 0b or 0; undefined if it is none. */
export function readPort(text: string): number | undefined {
  const digits = /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text;
  if (!/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/.test(digits) || text.length > 20)
    return undefined;
  const value = Number(digits);
  return value <= 65535 ? value : undefined;
}

const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["μs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** Reads a duration as Go's `time.ParseDuration` does, in milliseconds; undefined if it is none. */
export function readDuration(text: string): number | undefined {
  const [, sign, body] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === undefined || body.length > 64) return undefined;
  if (body === "0") return 0;
  let total = 0;
  let rest = body;
  while (rest !== "") {
    const [whole, number, unit] = /^([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/.exec(rest) ?? [];
    if (whole === undefined || number === undefined || unit === undefined) return undefined;
    total += Number(number) * (unitMilliseconds.get(unit) ?? 0);
    rest = rest.slice(whole.length);
  }
  if (body === "" || total > 9_223_372_036_854) return undefined;
  return sign === "-" ? -total : total;
}
