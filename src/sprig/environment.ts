import type { Environment, GoFunction, PureContext } from "../gotemplate/index.js";
import { define, type Invocation } from "./invocation.js";

/** The functions that read the environment. They see only what the context lets them see; the rest is "". */
export const environmentFunctions: readonly GoFunction[] = [
  define("env", "reads environment", ["string"], (call) => variable(call, call.text(0))),
  define("expandenv", "reads environment", ["string"], (call) => expand(call, call.text(0))),
];

type ReadingCall = Invocation<PureContext & Environment>;

function variable(call: ReadingCall, name: string): string {
  return name === "" ? "" : (call.context.env(name) ?? "");
}

/**
 * `$name` and `${name}`, the shell's one-character names, and the broken forms that os.Expand eats:
 * `${}`, and `${` without an end.
 */
const reference = /\$(?:\{([^}]+)\}|\{\}|([*#$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*))/g;
const referenceWithoutBraces = /\$(?:\{|([*#$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*))/g;

/** Behind the last brace no `${` has an end, and looking for one each time would be slow. */
function expand(call: ReadingCall, text: string): string {
  const split = text.lastIndexOf("}") + 1;
  const replace = (_: string, first = "", second = ""): string => variable(call, first || second);
  const head = text.slice(0, split).replace(reference, replace);
  const tail = text
    .slice(split)
    .replace(referenceWithoutBraces, (_, name = "") => variable(call, String(name)));
  call.chargeText(head.length + tail.length);
  return head + tail;
}
