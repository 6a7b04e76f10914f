import { parseInteger } from "../go/index.js";
import { type GoFunction, int64 } from "../gotemplate/index.js";
import { toFloat64, toInt64 } from "./cast.js";
import { define } from "./invocation.js";
import { printed } from "./print.js";

/** The functions that make numbers. What is no number is 0. */
export const convertFunctions: readonly GoFunction[] = [
  define("int", "pure", ["any"], (call) => toInt64(call.any(0))),
  define("int64", "pure", ["any"], (call) => int64(toInt64(call.any(0)))),
  define("float64", "pure", ["any"], (call) => toFloat64(call.any(0))),
  define("atoi", "pure", ["string"], (call) => parseInteger(call.text(0), 10).nearest),
  define("toDecimal", "pure", ["any"], (call) => int64(parseInteger(printed(call.any(0)), 8).value ?? 0n)),
];
