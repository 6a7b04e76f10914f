import { formatFloat, joinRawBytes } from "../go/index.js";
import { plainFlags } from "./format-flags.js";
import { kindOf } from "./kind.js";
import { Printer } from "./printer.js";
import type { Value } from "./value.js";

/**
 * One value as `%v` and fmt.Sprint print it: `<nil>` for nil and no value, `map[a:1 b:x]`, `[1 2]`, `1e+06`.
 * Throws LimitExceeded for a value nested more than a thousand levels or longer than 4 Mi characters.
 */
export function goPrint(value: Value): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return formatFloat(value, "g", -1, 64);
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return goSprint([value]);
  }
}

/** Several values as fmt.Sprint prints them: a space between two that are no strings. Throws as `goPrint`. */
export function goSprint(values: readonly Value[]): string {
  const printer = new Printer();
  let text = "";
  let previousIsString = true;
  for (const value of values) {
    const isString = kindOf(value) === "string";
    if (!isString && !previousIsString) text += " ";
    text += printer.print(value, "v", plainFlags);
    previousIsString = isString;
  }
  return joinRawBytes(text);
}

/** Several values as fmt.Sprintln prints them: a space between any two, a newline at the end. Throws as `goPrint`. */
export function goSprintln(values: readonly Value[]): string {
  const printer = new Printer();
  return joinRawBytes(`${values.map((value) => printer.print(value, "v", plainFlags)).join(" ")}\n`);
}
