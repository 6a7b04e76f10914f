/**
 * A text without the characters of a set at both ends, as strings.Trim. The set has characters of one UTF-16 unit each.
 * Each end is looked at once: a regular expression for the end, such as `/0+$/`, starts anew at every character of every
 * run within the text.
 */
export function trim(text: string, cutset: string): string {
  return trimRight(trimLeft(text, cutset), cutset);
}

/** A text without the characters of a set at its start, as strings.TrimLeft. */
export function trimLeft(text: string, cutset: string): string {
  let start = 0;
  while (start < text.length && cutset.includes(text.charAt(start))) start++;
  return text.slice(start);
}

/** A text without the characters of a set at its end, as strings.TrimRight. */
export function trimRight(text: string, cutset: string): string {
  let end = text.length;
  while (end > 0 && cutset.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
