import { describe, expect, it } from "vitest";
import {
  byteLength,
  compareBytes,
  decodeUtf8,
  encodeUtf8,
  formatFloat,
  goQuote,
  sortedKeys,
} from "../../src/go/index.js";
import {
  basicKind,
  deepEqual,
  equal,
  GoFunction,
  GoScalar,
  GoStruct,
  goPrint,
  goSprint,
  goSprintf,
  goSprintln,
  int64,
  isTrue,
  kindOf,
  less,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
  typeOf,
  type Value,
} from "../../src/gotemplate/index.js";

class Port extends GoStruct {
  readonly type: string;
  constructor(
    readonly kind: "struct" | "ptr",
    private readonly port: bigint,
  ) {
    super();
    this.type = kind === "ptr" ? "*v1.Port" : "v1.Port";
  }
  fieldNames(): readonly string[] {
    return ["Port", "Next"];
  }
  field(name: string): Value | typeof noField {
    if (name === "Next") return new NilPointer("*v1.Port");
    return name === "Port" ? this.port : noField;
  }
}

class Protocol extends GoScalar {
  override toText(): string {
    return "TCP";
  }
}

const strings = new TypedSlice("[]string", ["a", "b"]);
const labels = new TypedMap("map[string]string", { b: "2", a: "1" }, "");
const nilMap = new TypedMap("map[string]string", {}, "", true);
const fn = new GoFunction("f", "pure", [], false, () => null);

describe("a value", () => {
  const table: readonly [string, Value, string, string, string, boolean][] = [
    ["no value", undefined, "invalid", "<nil>", "<nil>", false],
    ["nil", null, "invalid", "<nil>", "<nil>", false],
    ["a bool", true, "bool", "bool", "true", true],
    ["a string", "x", "string", "string", "x", true],
    ["an empty string", "", "string", "string", "", false],
    ["a float64", 1e6, "float64", "float64", "1e+06", true],
    ["a small float64", 0.0001, "float64", "float64", "0.0001", true],
    ["minus zero", -0, "float64", "float64", "-0", false],
    ["not a number", Number.NaN, "float64", "float64", "NaN", true],
    ["infinity", Number.POSITIVE_INFINITY, "float64", "float64", "+Inf", true],
    ["an int", -42n, "int", "int", "-42", true],
    ["an int64", int64(0n), "int64", "int64", "0", false],
    ["a float32", new GoScalar("float32", "float32", Math.fround(0.1)), "float32", "float32", "0.1", true],
    ["a named string", new GoScalar("string", "v1.Protocol", "UDP"), "string", "v1.Protocol", "UDP", true],
    ["a scalar with a text", new Protocol("int", "v1.P", 0n), "int", "v1.P", "TCP", false],
    ["a list", [1, "a", null, [2n]], "slice", "[]interface {}", "[1 a <nil> [2]]", true],
    ["an empty list", [], "slice", "[]interface {}", "[]", false],
    ["a map", { b: null, a: 1n }, "map", "map[string]interface {}", "map[a:1 b:<nil>]", true],
    ["an empty map", {}, "map", "map[string]interface {}", "map[]", false],
    ["a []string", strings, "slice", "[]string", "[a b]", true],
    ["a map[string]string", labels, "map", "map[string]string", "map[a:1 b:2]", true],
    ["a nil map", nilMap, "map", "map[string]string", "map[]", false],
    ["a struct", new Port("struct", 0n), "struct", "v1.Port", "{0 <nil>}", true],
    ["a pointer", new Port("ptr", 80n), "ptr", "*v1.Port", "&{80 <nil>}", true],
    ["a nil pointer", new NilPointer("*v1.Port"), "ptr", "*v1.Port", "<nil>", false],
  ];
  it.each(table)(
    "that is %s has Go's kind, type, text and truth",
    (_name, value, kind, type, text, truth) => {
      expect(kindOf(value)).toBe(kind);
      expect(typeOf(value)).toBe(type);
      expect(goPrint(value)).toBe(text);
      expect(goSprintf("%T", [value])).toBe(type);
      expect(isTrue(value)).toBe(truth);
    },
  );

  it("that is a function is true", () => {
    expect([kindOf(fn), isTrue(fn)]).toEqual(["func", true]);
  });

  it("prints as Go syntax and with field names when asked", () => {
    expect(goSprintf("%#v", [{ a: [1, null], b: labels }])).toBe(
      'map[string]interface {}{"a":[]interface {}{1, interface {}(nil)}, "b":map[string]string{"a":"1", "b":"2"}}',
    );
    expect(goSprintf("%+v %#v", [new Port("ptr", 1n), new Port("struct", 1n)])).toBe(
      "&{Port:1 Next:<nil>} v1.Port{Port:1, Next:(*v1.Port)(nil)}",
    );
  });

  it("prints beside others as Print and Println do", () => {
    expect(goSprint([1n, 2n, "a", "b", 3n, null, undefined])).toBe(
      "1 2a b3 <nil> <nil>".replace("a b", "ab"),
    );
    expect(goSprintln(["a", 1n, "b"])).toBe("a 1 b\n");
  });
});

describe("deepEqual", () => {
  const table: readonly [boolean, Value, Value][] = [
    [true, { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [false, { a: 1 }, { a: 1n }],
    [false, { a: 1 }, { b: 1 }],
    [false, [1], [1, 2]],
    [false, [], {}],
    [true, null, undefined],
    [false, null, ""],
    [false, Number.NaN, Number.NaN],
    [true, strings, new TypedSlice("[]string", ["a", "b"])],
    [false, strings, ["a", "b"]],
    [false, nilMap, new TypedMap("map[string]string", {}, "")],
    [true, int64(5n), int64(5n)],
    [false, int64(5n), 5n],
    [true, new Port("ptr", 1n), new Port("ptr", 1n)],
    [false, new Port("ptr", 1n), new Port("struct", 1n)],
    [true, new NilPointer("*v1.Port"), new NilPointer("*v1.Port")],
    [false, new NilPointer("*v1.Port"), null],
    [false, { toString: 1 }, { valueOf: 1 }],
  ];
  it.each(table)("is %s for %o and %o", (expected, a, b) => {
    expect(deepEqual(a, b)).toBe(expected);
    expect(deepEqual(b, a)).toBe(expected);
  });
});

describe("comparing", () => {
  it("takes all integer types for one, and all float types", () => {
    expect(["int", "int", "uint", "float", "string", "bool", undefined]).toEqual(
      [1n, int64(1n), new GoScalar("uint8", "uint8", 1n), 1.5, "a", true, []].map(basicKind),
    );
    expect(equal(int64(5n), [4n, 5n])).toBe(true);
    expect(less(new GoScalar("uint8", "uint8", 1n), 2n)).toBe(true);
    expect(() => less(1n, 2)).toThrow("incompatible types for comparison: int and float64");
  });

  it("orders strings by their bytes, as maps are walked", () => {
    const map = { "😀": 1, "\uffff": 2, b: 3, a: 4, "": 5 };
    expect(sortedKeys(map)).toEqual(["", "a", "b", "\uffff", "😀"]);
    expect(compareBytes("a", "ab")).toBeLessThan(0);
    expect(compareBytes("😀", "\uffff")).toBeGreaterThan(0);
  });
});

describe("text as bytes", () => {
  it("goes to bytes and back, also when it is no UTF-8", () => {
    const bytes = Uint8Array.of(0x68, 0xc3, 0xff, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98);
    expect(encodeUtf8(decodeUtf8(bytes))).toEqual(bytes);
    expect(byteLength(decodeUtf8(bytes))).toBe(bytes.length);
    expect(goQuote(decodeUtf8(bytes))).toBe('"h\\xc3\\xff€\\xed\\xa0\\x80\\xf0\\x9f\\x98"');
  });

  it("keeps a byte order mark", () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
  });
});

describe("formatFloat", () => {
  const table: readonly [number, "e" | "f" | "g" | "x" | "b", number, 32 | 64, string][] = [
    [2.5, "f", 0, 64, "2"],
    [3.5, "f", 0, 64, "4"],
    [0.125, "f", 2, 64, "0.12"],
    [1e23, "f", -1, 64, "100000000000000000000000"],
    [5e-324, "g", 20, 64, "4.9406564584124654418e-324"],
    [123456, "g", 3, 64, "1.23e+05"],
    [0.1, "e", 20, 64, "1.00000000000000005551e-01"],
    [16777216, "g", -1, 32, "1.6777216e+07"],
    [3.4028234663852886e38, "e", -1, 32, "3.4028235e+38"],
    [1.9999, "x", 1, 64, "0x1.0p+01"],
    [1, "b", -1, 64, "4503599627370496p-52"],
    [1, "b", -1, 32, "8388608p-23"],
  ];
  it.each(table)("writes %d with %s, precision %d and %d bits", (value, verb, precision, bits, text) => {
    expect(formatFloat(value, verb, precision, bits)).toBe(text);
    expect(formatFloat(-value, verb, precision, bits)).toBe(`-${text}`);
  });
});
