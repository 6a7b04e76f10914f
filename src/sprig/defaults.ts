import type { GoFunction, Value } from "../gotemplate/index.js";
import { isEmpty } from "./empty.js";
import { define, type Invocation } from "./invocation.js";

/** The functions that choose between values. */
export const defaultFunctions: readonly GoFunction[] = [
  define("default", ["any", "...any"], (call) => (isEmpty(call.any(1)) ? call.any(0) : call.any(1))),
  define("empty", ["any"], (call) => isEmpty(call.any(0))),
  define("coalesce", ["...any"], firstPresent),
  define("all", ["...any"], (call) => !call.rest(0).some(isEmpty)),
  define("any", ["...any"], (call) => call.rest(0).some((value) => !isEmpty(value))),
  define("ternary", ["any", "any", "bool"], (call) => (call.bool(2) ? call.any(0) : call.any(1))),
];

function firstPresent(call: Invocation): Value {
  for (let at = 0; at < call.count; at++) if (!isEmpty(call.any(at))) return call.any(at);
  return null;
}
