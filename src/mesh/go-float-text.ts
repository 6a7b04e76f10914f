/**
 * A float64 as Go's fmt prints it with %v: the shortest digits that give the number back, and an exponent below 1e-4
 * and from a million on (`1e+06`). So an unquoted tag that looks like a date is not printed as it was written.
 */
export function goFloatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  // JavaScript writes every number from 1e-6 to 1e21 without an exponent.
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
