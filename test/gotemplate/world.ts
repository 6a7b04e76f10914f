import {
  type FunctionMap,
  GoFunction,
  GoScalar,
  GoStruct,
  int64,
  NilPointer,
  noField,
  type ParameterType,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../src/gotemplate/index.js";

/** The twin of the data and functions in scripts/record-go-template/main.go. */

type Methods = Readonly<Record<string, GoFunction>>;

function method(
  name: string,
  parameters: readonly ParameterType[],
  call: (args: readonly Value[]) => Value,
  variadic = false,
): GoFunction {
  return new GoFunction(name, "pure", parameters, variadic, call);
}

function fail(message: string): never {
  throw new Error(message);
}

class Struct extends GoStruct {
  constructor(
    readonly kind: "struct" | "ptr",
    readonly type: string,
    private readonly fields: Readonly<Record<string, Value>>,
    private readonly methods: Methods = {},
    private readonly hidden: readonly string[] = [],
  ) {
    super();
  }
  fieldNames(): readonly string[] {
    return [...Object.keys(this.fields), ...this.hidden];
  }
  field(name: string): Value | typeof noField {
    if (this.hidden.includes(name)) return 0n;
    return Object.hasOwn(this.fields, name) ? this.fields[name] : noField;
  }
  override method(name: string): GoFunction | undefined {
    return Object.hasOwn(this.methods, name) ? this.methods[name] : undefined;
  }
}

const colors = ["red", "green", "blue"];

class Color extends GoScalar {
  constructor(private readonly index: number) {
    super("int", "main.color", BigInt(index));
  }
  override toText(): string {
    return colors[this.index] ?? "";
  }
}

class Failure extends Struct {
  constructor(private readonly text: string) {
    super("ptr", "*errors.errorString", { s: text }, { Error: method("Error", [], () => text) });
  }
  override toText(): string {
    return this.text;
  }
}

const anonymous = method("Anonymous", [], () => "nobody");
const greetNobody = method("Greet", ["string"], () =>
  fail("runtime error: invalid memory address or nil pointer dereference"),
);
const nobody = new NilPointer(
  "*main.person",
  (name) => (name === "Anonymous" ? anonymous : name === "Greet" ? greetNobody : undefined),
  (name) => ["Name", "Partner", "Tags"].includes(name),
);

function person(name: string, partner: Value, tags: Value): Struct {
  const methods: Methods = {
    Anonymous: anonymous,
    Greet: method("Greet", ["string"], ([to]) => `hello ${String(to)}, I am ${name}`),
    Fails: method("Fails", [], () => fail("boom")),
    Count: method(
      "Count",
      ["int", "string"],
      ([first, ...rest]) => `${String(first)} [${rest.join(" ")}]`,
      true,
    ),
  };
  return new Struct("ptr", "*main.person", { Name: name, Partner: partner, Tags: tags }, methods, ["secret"]);
}

const point = new Struct("struct", "main.point", { X: 1n, Y: 2 });

function uint8(value: bigint): GoScalar {
  return new GoScalar("uint8", "uint8", value);
}

const double = method("double", ["int"], ([value]) =>
  typeof value === "bigint" ? 2n * value : fail("no int"),
);

/** The data that every probe runs on. */
export function world(): Value {
  const ann = person("Ann", nobody, new TypedSlice("[]string", ["a", "b"]));
  return {
    nil: null,
    string: "str",
    empty: "",
    quoted: 'say "hé"\n',
    true: true,
    false: false,
    int: 42n,
    zero: 0n,
    int8: new GoScalar("int8", "int8", -1n),
    int64: int64(5n),
    uint8: uint8(7n),
    uint: new GoScalar("uint", "uint", 9n),
    float: 1.5,
    float32: new GoScalar("float32", "float32", Math.fround(0.1)),
    million: 1e6,
    list: [null, 1.5, "x", { k: "v" }],
    ints: new TypedSlice("[]int", [3n, 1n, 2n]),
    strings: new TypedSlice("[]string", ["a", "b c"]),
    bytes: new TypedSlice("[]uint8", [uint8(0x68n), uint8(0xc3n), uint8(0xa9n)]),
    emptyList: [],
    nilStrings: new TypedSlice("[]string", [], true),
    map: { b: null, a: 1n, é: "x", "😀": "y", "": "z" },
    emptyMap: {},
    stringMap: new TypedMap("map[string]string", { k: "v" }, ""),
    nilMap: new TypedMap("map[string]string", {}, "", true),
    ann,
    bob: person("Bob", ann, new TypedSlice("[]string", [], true)),
    nobody,
    point,
    pointAt: new Struct("ptr", "*main.point", { X: 3n, Y: 4 }),
    shelf: new Struct("struct", "main.shelf", {
      Color: new Color(1),
      Colors: new TypedSlice("[]main.color", [new Color(0), new Color(2)]),
      Any: null,
      Point: new Struct("struct", "main.point", { X: 0n, Y: 0 }),
      Next: new NilPointer("*main.point"),
      Notes: new TypedMap("map[string]string", { n: "m" }, ""),
    }),
    color: new Color(2),
    label: new GoScalar("string", "main.label", "tag"),
    error: new Failure("broken"),
    double,
    join: method(
      "join",
      ["string", "string"],
      ([separator, ...parts]) => parts.join(String(separator)),
      true,
    ),
  };
}

function sizeOf(value: Value): bigint {
  if (value instanceof TypedSlice) return BigInt(value.items.length);
  if (value instanceof TypedMap) return BigInt(Object.keys(value.entries).length);
  return BigInt(Object.keys(value ?? {}).length);
}

const identity = ([value]: readonly Value[]): Value => value;
const isNil = ([value]: readonly Value[]): Value => value === null || value instanceof NilPointer;

const all = [
  method("anInt", ["int"], identity),
  method("anInt64", ["int64"], identity),
  method("aUint8", ["uint8"], identity),
  method("aFloat", ["float64"], identity),
  method("aString", ["string"], identity),
  method("aBool", ["bool"], identity),
  method("aMap", ["map[string]interface {}"], ([value]) => sizeOf(value)),
  method("aStringMap", ["map[string]string"], ([value]) => sizeOf(value)),
  method("aList", ["[]interface {}"], ([value]) => sizeOf(value)),
  method("aStringList", ["[]string"], ([value]) => sizeOf(value)),
  method("anError", ["error"], isNil),
  method("any", ["any"], identity),
  method("aPerson", ["*main.person"], isNil),
  method("aPoint", ["main.point"], ([value]) => {
    const x = value instanceof GoStruct ? value.field("X") : noField;
    return x === noField ? fail("no point") : x;
  }),
  method("strings", ["string", "string"], ([first, ...rest]) => `${String(first)}|${rest.join(",")}`, true),
  method("nothing", [], () => null),
  method("panics", [], () => fail("oh no")),
  method("fails", [], () => fail("no luck")),
  method("list", ["any"], (values) => values, true),
  method("doubler", [], () => double),
];

/** The functions that every probe may call. */
export const functions: FunctionMap = new Map(all.map((one) => [one.name, one]));
