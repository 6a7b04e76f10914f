const words = new Map<string, boolean>([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

/** Reads a bool as Go's strconv.ParseBool; undefined for any other text. */
export function parseGoBool(text: string): boolean | undefined {
  return words.get(text);
}
