import { SprigError } from "./sprig-error.js";

/** A decimal number, coefficient times ten to the exponent: shopspring/decimal 1.3.1 as far as Sprig uses it. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Digits after the point of a quotient. */
const divisionPrecision = 16;

/** The shortest decimal that reads as this number. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new SprigError("arithmetic", `Cannot create a Decimal from ${name}`);
  }
  const [, sign = "", whole = "0", fraction = "", power = "0"] =
    /^(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(value.toExponential()) ?? [];
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(power) - fraction.length };
}

/** The nearest float64. */
export function decimalToFloat({ coefficient, exponent }: Decimal): number {
  return Number(`${coefficient}e${exponent}`);
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return { coefficient: scaledTo(left, exponent) + scaledTo(right, exponent), exponent };
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { ...right, coefficient: -right.coefficient });
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { coefficient: left.coefficient * right.coefficient, exponent: left.exponent + right.exponent };
}

/** Rounds half away from zero at 16 digits. */
export function divideDecimals(left: Decimal, right: Decimal): Decimal {
  if (right.coefficient === 0n) throw new SprigError("arithmetic", "decimal division by 0");
  const shift = left.exponent - right.exponent + divisionPrecision;
  const dividend = shift > 0 ? left.coefficient * 10n ** BigInt(shift) : left.coefficient;
  const divisor = shift < 0 ? right.coefficient * 10n ** BigInt(-shift) : right.coefficient;
  const quotient = dividend / divisor;
  const twiceRest = 2n * magnitude(dividend % divisor);
  const step = dividend < 0n !== divisor < 0n ? -1n : 1n;
  const coefficient = twiceRest < magnitude(divisor) ? quotient : quotient + step;
  return { coefficient, exponent: -divisionPrecision };
}

function scaledTo({ coefficient, exponent }: Decimal, lower: number): bigint {
  return coefficient * 10n ** BigInt(exponent - lower);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
