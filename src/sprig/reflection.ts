import { deepEqual, type GoFunction, kindOf, typeOf } from "../gotemplate/index.js";
import { define } from "./invocation.js";

/** The functions that tell what a value is. */
export const reflectionFunctions: readonly GoFunction[] = [
  define("typeOf", "pure", ["any"], (call) => typeOf(call.any(0))),
  define("typeIs", "pure", ["string", "any"], (call) => typeOf(call.any(1)) === call.text(0)),
  define("typeIsLike", "pure", ["string", "any"], (call) => {
    const type = typeOf(call.any(1));
    return type === call.text(0) || type === `*${call.text(0)}`;
  }),
  define("kindOf", "pure", ["any"], (call) => kindOf(call.any(0))),
  define("kindIs", "pure", ["string", "any"], (call) => kindOf(call.any(1)) === call.text(0)),
  define("deepEqual", "pure", ["any", "any"], (call) => deepEqual(call.any(0), call.any(1))),
];
