/**
 * Expressions that the checker finds worse than linear and that are no danger, each with the proof. Few, and reviewed:
 * mostly it is easier to write another expression.
 */
export const reviewed: ReadonlyMap<string, string> = new Map([
  [
    String.raw`/\$(?:\{([^}]+)\}|\{\}|([*#$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*))/g`,
    "sprig/environment.ts runs it up to the last brace only, so that a `${` always finds its end and is not looked at again.",
  ],
]);
