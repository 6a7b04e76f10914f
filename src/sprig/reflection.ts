import { deepEqual, type GoFunction, kindOf, typeOf } from "../gotemplate/index.js";
import { define } from "./invocation.js";

/** The functions that tell what a value is. */
export const reflectionFunctions: readonly GoFunction[] = [
  define("typeOf", ["any"], (call) => typeOf(call.any(0))),
  define("typeIs", ["string", "any"], (call) => typeOf(call.any(1)) === call.text(0)),
  define("typeIsLike", ["string", "any"], (call) => {
    const type = typeOf(call.any(1));
    return type === call.text(0) || type === `*${call.text(0)}`;
  }),
  define("kindOf", ["any"], (call) => kindOf(call.any(0))),
  define("kindIs", ["string", "any"], (call) => kindOf(call.any(1)) === call.text(0)),
  define("deepEqual", ["any", "any"], (call) => deepEqual(call.any(0), call.any(1))),
];
