import { type FloatBits, formatFloat } from "../go/index.js";

/** A float as go-yaml prints it: the shortest digits, `1e+06`, `0.1`; infinite ones as YAML has them. */
export function floatText(value: number, bits: FloatBits): string {
  const text = formatFloat(value, "g", -1, bits);
  if (text === "NaN") return ".nan";
  return text.endsWith("Inf") ? `${text.startsWith("-") ? "-" : ""}.inf` : text;
}
