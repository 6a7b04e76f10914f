import type { GoFunction } from "../gotemplate/index.js";
import { define } from "./invocation.js";
import { SprigError } from "./sprig-error.js";

/** The functions that end a template, and the one that greets. */
export const flowFunctions: readonly GoFunction[] = [
  define("fail", "pure", ["string"], (call) => {
    throw new SprigError("failed", call.text(0));
  }),
  define("hello", "pure", [], () => "Hello!"),
];
