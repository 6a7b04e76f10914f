/**
 * The values that a Go template computes with, as JavaScript values.
 *
 * | Go                                    | here                                             |
 * |---------------------------------------|--------------------------------------------------|
 * | no value (reflect's zero Value)       | `undefined`                                      |
 * | nil interface                         | `null`                                           |
 * | bool                                  | boolean                                          |
 * | string                                | string (functions that count, count UTF-8 bytes) |
 * | float64                               | number                                           |
 * | int                                   | bigint, always within 64 bits                    |
 * | map[string]interface {}               | plain object, own keys only                      |
 * | []interface {}                        | array                                            |
 * | everything else                       | a subclass of {@link GoValue}                    |
 *
 * So a tree that JSON.parse returned is a template value as it stands, without a copy.
 */
export type Value = undefined | null | boolean | string | number | bigint | ValueList | LooseMap | GoValue;

/** Go's []interface {}. */
export type ValueList = readonly Value[];

/** Go's map[string]interface {}. Only own keys count; write through `setOwn`. */
export interface LooseMap {
  readonly [key: string]: Value;
}

/** The names of reflect.Kind. */
export type Kind =
  | "invalid"
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64"
  | "string"
  | "map"
  | "slice"
  | "struct"
  | "ptr"
  | "func"
  | "interface";

/** A value of a Go type that has no JavaScript twin. */
export abstract class GoValue {
  abstract readonly kind: Kind;
  /** The type as `%T` prints it, such as `v1.ObjectMeta` or `map[string]string`. */
  abstract readonly type: string;

  /** The method of this name bound to this value; undefined when the type has none. */
  method(_name: string): GoFunction | undefined {
    return undefined;
  }

  /**
   * Tells values that are the same to functions as this one is now. It keeps nothing that may change.
   * Undefined for a value that is too large to be kept and compared.
   */
  recognizer(): ((value: Value) => boolean) | undefined {
    return undefined;
  }

  /** The text that `String() string` or `Error() string` gives; undefined when the type has neither. */
  toText(): string | undefined {
    return undefined;
  }
}

/** A scalar of a type other than bool, string, int and float64: sized numbers and named types such as v1.Protocol. */
export class GoScalar extends GoValue {
  constructor(
    readonly kind: Exclude<Kind, "invalid" | "map" | "slice" | "struct" | "ptr" | "func" | "interface">,
    readonly type: string,
    /** bigint for every integer kind, number for floats, string or boolean for named strings and bools. */
    readonly value: bigint | number | string | boolean,
  ) {
    super();
  }
}

/** An int64, the integer type that most of Sprig's arithmetic returns. */
export function int64(value: bigint): GoScalar {
  return new GoScalar("int64", "int64", BigInt.asIntN(64, value));
}

/** A map whose elements have one type, such as map[string]string. An absent key reads as the element's zero. */
export class TypedMap extends GoValue {
  readonly kind = "map";
  constructor(
    readonly type: string,
    /** Own keys only. */
    readonly entries: LooseMap,
    /** What `index` gives for an absent key: `""` for map[string]string. */
    readonly zero: Value,
    /** Whether Go would hold a nil map here. It reads as an empty one. */
    readonly isNil = false,
  ) {
    super();
  }
}

/** A slice whose elements have one type, such as []string. */
export class TypedSlice extends GoValue {
  readonly kind = "slice";
  constructor(
    readonly type: string,
    readonly items: ValueList,
    readonly isNil = false,
  ) {
    super();
  }
}

/**
 * A struct, or a non-nil pointer to one. Fields are found by their Go names;
 * a name that is no field and no method is an execution error, as in Go.
 */
export abstract class GoStruct extends GoValue {
  abstract override readonly kind: "struct" | "ptr";
  /** The exported field names in declaration order, for printing. */
  abstract fieldNames(): readonly string[];
  /** The value of a field, or `noField` when the struct has none of this name. */
  abstract field(name: string): Value | typeof noField;
}

/** What {@link GoStruct.field} answers for a name that is no field. */
export const noField: unique symbol = Symbol("no such field");

/** A typed nil pointer. Its methods can be called, its fields cannot be read. */
export class NilPointer extends GoValue {
  readonly kind = "ptr";
  constructor(
    readonly type: string,
    private readonly methods: (name: string) => GoFunction | undefined = () => undefined,
    /** Whether the struct it could point to has this field. Only the words of an error depend on it. */
    readonly hasField: (name: string) => boolean = () => true,
  ) {
    super();
  }
  override method(name: string): GoFunction | undefined {
    return this.methods(name);
  }
}

/**
 * The type of one parameter of a function. An argument of another type is an execution error with Go's
 * words (`wrong type for value; expected string; got int`, `expected string; found 5` for a constant).
 * `any` is interface {}; `reflect` is a parameter of type reflect.Value, which also takes no value.
 */
export type ParameterType =
  | "any"
  | "reflect"
  | "string"
  | "bool"
  | "int"
  | "int32"
  | "int64"
  | "float64"
  | "error"
  | "map[string]interface {}"
  | "map[string]string"
  | "[]interface {}"
  | "[]string"
  | "[]uint8"
  | "time.Time"
  | "time.Duration"
  | (string & {});

/** What every function gets of the run it is part of. It has neither clock nor chance. */
export interface PureContext {
  /** Receives what a function has to say beside its result, such as a value it could not print. */
  warn(message: string): void;
  /** Counts work and throws when the template may not go on: call it once per element a function makes. */
  charge(steps: number): void;
}

export interface Clock {
  /** The current time in milliseconds since 1970. */
  now(): number;
}

export interface Chance {
  /** A number in [0, 1). */
  random(): number;
}

export interface Environment {
  /** An environment variable that the operator allowed, undefined for every other name. */
  env(name: string): string | undefined;
}

/** What a running template may ask of the world. Everything that is not fixed by the template and its data is here. */
export interface ExecutionContext extends PureContext, Clock, Chance, Environment {}

/** The contexts that functions get, by what they do beside computing a result from their arguments. */
interface Contexts {
  /** Nothing: equal arguments give equal results. */
  pure: PureContext;
  /** It reads the clock. */
  "reads clock": PureContext & Clock;
  /** It reads the clock for some arguments, such as a time to measure from. */
  "may read clock": PureContext & Clock;
  /** It draws random numbers. */
  "reads chance": PureContext & Chance;
  /** It reads the environment, which is the same for all that a configuration renders. */
  "reads environment": PureContext & Environment;
  /** It changes what it is given. */
  writes: PureContext;
  /** Whatever the function does that it is given. */
  unknown: ExecutionContext;
}

/** What a function does beside computing a result. Each says it where it is declared; there is no default. */
export type Effect = keyof Contexts;
/** The context of a function with this effect: one that declares to be pure cannot ask for the time. */
export type ContextOf<E extends Effect> = Contexts[E];

/**
 * Whether an execution that calls functions with this effect can be repeated from a recording. What may read the clock does so
 * only for some arguments; an execution in which it does is told apart by its context (`ContextOptions.repeatable`).
 */
export function isRepeatable(effect: Effect): boolean {
  return effect === "pure" || effect === "may read clock" || effect === "reads environment";
}

/** A function that templates call. It throws an Error for what Go would return as its error. */
export class GoFunction<E extends Effect = Effect> extends GoValue {
  readonly kind = "func";
  readonly type = "func";
  readonly call: (args: readonly Value[], context: ExecutionContext) => Value;

  constructor(
    readonly name: string,
    readonly effect: E,
    /** The fixed parameters; the last one repeats when `variadic`. */
    readonly parameters: readonly ParameterType[],
    readonly variadic: boolean,
    call: (args: readonly Value[], context: ContextOf<E>) => Value,
  ) {
    super();
    this.call = call;
  }
}

/** Functions by name. */
export type FunctionMap = ReadonlyMap<string, GoFunction>;
