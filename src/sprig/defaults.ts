import type { GoFunction, Value } from "../gotemplate/index.js";
import { isEmpty } from "./empty.js";
import { define, type Invocation } from "./invocation.js";

/** The functions that choose between values. */
export const defaultFunctions: readonly GoFunction[] = [
  define("default", "pure", ["any", "...any"], (call) => (isEmpty(call.any(1)) ? call.any(0) : call.any(1))),
  define("empty", "pure", ["any"], (call) => isEmpty(call.any(0))),
  define("coalesce", "pure", ["...any"], firstPresent),
  define("all", "pure", ["...any"], (call) => !call.rest(0).some(isEmpty)),
  define("any", "pure", ["...any"], (call) => call.rest(0).some((value) => !isEmpty(value))),
  define("ternary", "pure", ["any", "any", "bool"], (call) => (call.bool(2) ? call.any(0) : call.any(1))),
];

function firstPresent(call: Invocation): Value {
  for (let at = 0; at < call.count; at++) if (!isEmpty(call.any(at))) return call.any(at);
  return null;
}
