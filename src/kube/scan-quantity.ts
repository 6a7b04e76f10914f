/** A quantity's text in its parts. The whole and the fraction are digits, the suffix is letters, then an integer. */
export interface QuantityParts {
  readonly negative: boolean;
  /** Whether there is a digit before the suffix. */
  readonly hasDigits: boolean;
  /** Without its leading zeros. */
  readonly whole: string;
  readonly fraction: string;
  readonly letters: string;
  readonly number: string;
}

const suffixLetters = "eEinumkKMGTP";

/**
 * Takes a quantity's text apart in one pass, whatever its length; undefined for a text of another shape. No regular
 * expression: the shape that Kubernetes gives has two runs of digits side by side, which one that tries again divides
 * in every way.
 */
export function scanQuantity(text: string): QuantityParts | undefined {
  const sign = text.charAt(0);
  const start = sign === "-" || sign === "+" ? 1 : 0;
  const zeros = zerosEnd(text, start);
  const whole = digitsEnd(text, zeros);
  const point = text.charAt(whole) === "." ? whole + 1 : whole;
  const fraction = digitsEnd(text, point);
  const letters = lettersEnd(text, fraction);
  const numberSign = text.charAt(letters);
  const end = digitsEnd(text, numberSign === "-" || numberSign === "+" ? letters + 1 : letters);
  if (end !== text.length) return undefined;
  return {
    negative: sign === "-",
    hasDigits: whole > start || fraction > point,
    whole: text.slice(zeros, whole),
    fraction: text.slice(point, fraction),
    letters: text.slice(fraction, letters),
    number: text.slice(letters),
  };
}

function zerosEnd(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) === 0x30) end++;
  return end;
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

function lettersEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && suffixLetters.includes(text.charAt(end))) end++;
  return end;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
