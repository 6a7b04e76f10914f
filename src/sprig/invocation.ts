import {
  type ContextOf,
  type Effect,
  GoFunction,
  isLooseMap,
  type LooseMap,
  type ParameterType,
  type PureContext,
  TypedMap,
  type Value,
} from "../gotemplate/index.js";
import { SprigError } from "./sprig-error.js";

/**
 * Characters of text that cost one step. Copying 16 characters is about the work of making one list
 * element; with a limit of a million steps a template may so write 16 million characters.
 */
const charactersPerStep = 16;

/**
 * The longest text one function makes, in bytes. Far above what an object of the API server may hold
 * (1.5 MiB), far below what JavaScript takes as one string (512 Mi characters).
 */
const longestText = 2 ** 26;

/** One call of a function: its arguments, already of the types the function declares, and what its effect lets it see. */
export class Invocation<C extends PureContext = PureContext> {
  constructor(
    private readonly values: readonly Value[],
    readonly context: C,
  ) {}

  get count(): number {
    return this.values.length;
  }

  /** An argument as Go's interface {} holds it: no value is nil there. */
  any(index: number): Exclude<Value, undefined> {
    return this.values[index] ?? null;
  }

  /** The arguments from this one on. */
  rest(index: number): Exclude<Value, undefined>[] {
    return this.values.slice(index).map((value) => value ?? null);
  }

  text(index: number): string {
    const value = this.values[index];
    if (typeof value === "string") return value;
    throw mismatch(index, "a string");
  }

  texts(index: number): string[] {
    return this.values.slice(index).map((_, i) => this.text(index + i));
  }

  int(index: number): bigint {
    const value = this.values[index];
    if (typeof value === "bigint") return value;
    throw mismatch(index, "an int");
  }

  float(index: number): number {
    const value = this.values[index];
    if (typeof value === "number") return value;
    throw mismatch(index, "a float64");
  }

  bool(index: number): boolean {
    const value = this.values[index];
    if (typeof value === "boolean") return value;
    throw mismatch(index, "a bool");
  }

  /** A map[string]interface {}; undefined for Go's nil map, which is what a template's nil becomes. */
  map(index: number): LooseMap | undefined {
    const value = this.values[index];
    if (value === undefined || value === null) return undefined;
    if (value instanceof TypedMap && value.isNil) return undefined;
    if (isLooseMap(value)) return value;
    throw mismatch(index, "a map");
  }

  maps(index: number): (LooseMap | undefined)[] {
    return this.values.slice(index).map((_, i) => this.map(index + i));
  }

  /** Pays for work; throws when the template may not go on. */
  charge(steps: number): void {
    this.context.charge(Math.max(1, Math.ceil(steps)));
  }

  /** Pays for text of this length before it is made; the total is that of the text it becomes a part of. */
  chargeText(length: number, total = length): void {
    this.charge(length / charactersPerStep);
    if (total > longestText) {
      throw new SprigError("bounds", `the result has ${total} bytes, more than the ${longestText} allowed`);
    }
  }

  /** Pays for looking at long arguments; short ones are part of the step that the call itself costs. */
  chargeArguments(): void {
    let length = 0;
    for (const value of this.values) if (typeof value === "string") length += value.length;
    if (length >= charactersPerStep) this.charge(length / charactersPerStep);
  }
}

function mismatch(index: number, wanted: string): SprigError {
  return new SprigError("argument", `argument ${index + 1} must be ${wanted}`);
}

/**
 * Declares a function: what it is called, what it does beside computing a result, and what it takes. A last parameter that
 * starts with `...` takes any number of arguments, as in `...any`.
 */
export function define<E extends Effect>(
  name: string,
  effect: E,
  parameters: readonly ParameterType[],
  body: (call: Invocation<ContextOf<E>>) => Value,
): GoFunction {
  const variadic = parameters.at(-1)?.startsWith("...") ?? false;
  const types = parameters.map((type) => (type.startsWith("...") ? type.slice(3) : type));
  return new GoFunction(name, effect, types, variadic, (args, context) => {
    const call = new Invocation(args, context);
    call.chargeArguments();
    return body(call);
  });
}

/** Declares a function under several names. */
export function defineAll<E extends Effect>(
  names: readonly string[],
  effect: E,
  parameters: readonly ParameterType[],
  body: (call: Invocation<ContextOf<E>>) => Value,
): GoFunction[] {
  return names.map((name) => define(name, effect, parameters, body));
}
