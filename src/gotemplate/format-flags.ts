/** The flags, width and precision of one verb of a format. -1 means none was given. */
export interface FormatFlags {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** `%+v`: struct fields with their names. */
  readonly plusV: boolean;
  /** `%#v`: Go syntax. */
  readonly sharpV: boolean;
  readonly width: number;
  readonly precision: number;
}

/** What `%v` without anything has. */
export const plainFlags: FormatFlags = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: -1,
  precision: -1,
};

/** Pads to the width, counted in runes; with zeros on the left when `zero` is set and `minus` is not. */
export function pad(text: string, flags: FormatFlags): string {
  if (flags.width <= text.length / 2) return text;
  const missing = flags.width - runeCount(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (flags.zero ? "0" : " ").repeat(missing) + text;
}

function runeCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
