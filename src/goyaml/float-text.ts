/** A number as Go's strconv.FormatFloat(value, 'g', -1, bits) prints it: `1e+06`, `0.1`; infinite ones as YAML has them. */
export function floatText(value: number, bits: 32 | 64): string {
  const rounded = bits === 32 ? Math.fround(value) : value;
  if (!Number.isFinite(rounded)) return Number.isNaN(rounded) ? ".nan" : rounded > 0 ? ".inf" : "-.inf";
  if (rounded === 0) return Object.is(rounded, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = (
    bits === 32 ? shortestSingle(rounded) : rounded.toExponential()
  ).split("e");
  const digits = mantissa.replace(/[-.]/g, "");
  return `${rounded < 0 ? "-" : ""}${layOut(digits, Number(power))}`;
}

/** From 10^6 on, and below 10^-4, Go prints the shortest digits with an exponent. */
function layOut(digits: string, exponent: number): string {
  if (exponent < -4 || exponent >= 6) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${digits.charAt(0)}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** The fewest digits that read back as the same single-precision number; nine always do. */
function shortestSingle(single: number): string {
  for (let digits = 0; digits < 8; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential(8);
}
