import { decodeUtf8, type FloatBits, sortedKeys } from "../go/index.js";
import { type FormatFlags, pad, plainFlags } from "./format-flags.js";
import {
  formatBool,
  formatCharacter,
  formatFloatVerb,
  formatHexBytes,
  formatInteger,
  formatQuoted,
  formatQuotedRune,
  formatString,
  formatUnicode,
} from "./format-scalar.js";
import { kindOf, typeOf } from "./kind.js";
import { LimitExceeded } from "./limit-exceeded.js";
import { isLooseList } from "./shape.js";
import { checkTextLength } from "./text-limit.js";
import {
  GoScalar,
  GoStruct,
  GoValue,
  type LooseMap,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
  type Value,
  type ValueList,
} from "./value.js";

// Deeper values would exhaust the JavaScript stack.
const maxDepth = 1000;
// Go prints the address; a fixed one keeps the output the same from run to run.
const address = 0xc000000000n;
const textVerbs = "vsxXq";
const addressVerbs = "bodxX";
const kindsWithAddress = ["ptr", "func", "map", "slice"];

/**
 * Prints values as Go's fmt does, each with one verb. The methods follow fmt's order:
 * nil, `%T` and `%p`, text of the value's own, then by kind.
 */
export class Printer {
  private size = 0;
  private flags: FormatFlags = plainFlags;
  private complaining = false;

  /** The text of one operand. Throws LimitExceeded when this printer has printed too much, or a value is too deep. */
  print(value: Value, verb: string, flags: FormatFlags): string {
    this.flags = flags;
    const isNothing = value === null || value === undefined;
    if (isNothing && (verb === "v" || verb === "T")) return this.count(pad("<nil>", flags));
    if (verb === "T") return this.count(formatString(typeOf(value), flags));
    // %w is for errors that wrap, which only fmt.Errorf makes.
    if (isNothing || verb === "w") return this.count(this.badVerb(value, verb));
    return verb === "p" ? this.pointer(value, verb) : this.value(value, verb, 0);
  }

  /** Accounts for text that goes into the result. */
  count(text: string): string {
    this.size += text.length;
    checkTextLength(this.size);
    return text;
  }

  private value(value: Value, verb: string, depth: number): string {
    this.count(" ");
    if (depth > maxDepth) throw new LimitExceeded(`value is nested more than ${maxDepth} levels deep`);
    switch (typeof value) {
      case "string":
        return this.string(value, verb, value);
      case "number":
        return this.float(value, verb, 64, value);
      case "bigint":
        return this.integer(value, verb, false, value);
      case "boolean":
        return this.bool(value, verb, value);
      case "undefined":
        return this.nilInterface();
      default:
        if (value === null) return this.nilInterface();
        if (isLooseList(value)) return this.list(value, typeOf(value), false, verb, depth);
        if (value instanceof GoValue) return this.goValue(value, verb, depth);
        return this.map(value, typeOf(value), false, verb, depth);
    }
  }

  private nilInterface(): string {
    return this.count(this.flags.sharpV ? "interface {}(nil)" : "<nil>");
  }

  private goValue(value: GoValue, verb: string, depth: number): string {
    const asText = textVerbs.includes(verb) && !this.flags.sharpV && !this.complaining;
    const own = asText ? value.toText() : undefined;
    if (own !== undefined) return this.string(own, verb, value);
    if (value instanceof GoScalar) return this.scalar(value, verb);
    if (value instanceof TypedSlice) return this.typedSlice(value, verb, depth);
    if (value instanceof TypedMap) return this.map(value.entries, value.type, value.isNil, verb, depth);
    if (value instanceof GoStruct) return this.struct(value, verb, depth);
    return this.pointer(value, verb);
  }

  private scalar(scalar: GoScalar, verb: string): string {
    const { value } = scalar;
    if (typeof value === "string") return this.string(value, verb, scalar);
    if (typeof value === "boolean") return this.bool(value, verb, scalar);
    if (typeof value === "number")
      return this.float(value, verb, scalar.kind === "float32" ? 32 : 64, scalar);
    return this.integer(value, verb, scalar.kind.startsWith("uint"), scalar);
  }

  private bool(value: boolean, verb: string, operand: Value): string {
    if (verb === "t" || verb === "v") return this.count(formatBool(value, this.flags));
    return this.badVerb(operand, verb);
  }

  private string(text: string, verb: string, operand: Value): string {
    switch (verb) {
      case "v":
        return this.count(
          this.flags.sharpV ? formatQuoted(text, this.flags) : formatString(text, this.flags),
        );
      case "s":
        return this.count(formatString(text, this.flags));
      case "x":
      case "X":
        return this.count(formatHexBytes(text, verb === "X", this.flags));
      case "q":
        return this.count(formatQuoted(text, this.flags));
      default:
        return this.badVerb(operand, verb);
    }
  }

  private integer(value: bigint, verb: string, unsigned: boolean, operand: Value): string {
    switch (verb) {
      case "v":
        if (this.flags.sharpV && unsigned)
          return this.count(formatInteger(value, 16, "x", { ...this.flags, sharp: true }));
        return this.count(formatInteger(value, 10, verb, this.flags));
      case "d":
        return this.count(formatInteger(value, 10, verb, this.flags));
      case "b":
        return this.count(formatInteger(value, 2, verb, this.flags));
      case "o":
      case "O":
        return this.count(formatInteger(value, 8, verb, this.flags));
      case "x":
      case "X":
        return this.count(formatInteger(value, 16, verb, this.flags));
      case "c":
        return this.count(formatCharacter(value, this.flags));
      case "q":
        return this.count(formatQuotedRune(value, this.flags));
      case "U":
        return this.count(formatUnicode(value, this.flags));
      default:
        return this.badVerb(operand, verb);
    }
  }

  private float(value: number, verb: string, bits: FloatBits, operand: Value): string {
    switch (verb) {
      case "v":
        return this.count(formatFloatVerb(value, "g", -1, bits, this.flags));
      case "b":
      case "g":
      case "G":
      case "x":
      case "X":
        return this.count(formatFloatVerb(value, verb, -1, bits, this.flags));
      case "f":
      case "e":
      case "E":
        return this.count(formatFloatVerb(value, verb, 6, bits, this.flags));
      case "F":
        return this.count(formatFloatVerb(value, "f", 6, bits, this.flags));
      default:
        return this.badVerb(operand, verb);
    }
  }

  private typedSlice(slice: TypedSlice, verb: string, depth: number): string {
    const bytes = slice.type === "[]uint8" ? bytesOf(slice.items) : undefined;
    if (bytes === undefined) return this.list(slice.items, slice.type, slice.isNil, verb, depth);
    if (verb === "s" || verb === "q" || verb === "x" || verb === "X")
      return this.string(decodeUtf8(bytes), verb, slice);
    return this.list(slice.items, "[]byte", slice.isNil, verb, depth);
  }

  private list(items: ValueList, type: string, isNil: boolean, verb: string, depth: number): string {
    if (this.flags.sharpV && isNil) return `${type}(nil)`;
    const texts = items.map((item) => this.value(item, verb, depth + 1));
    return this.flags.sharpV ? this.goSyntax(type, texts) : `[${texts.join(" ")}]`;
  }

  private map(entries: LooseMap, type: string, isNil: boolean, verb: string, depth: number): string {
    if (this.flags.sharpV && isNil) return `${type}(nil)`;
    const texts = sortedKeys(entries).map(
      (key) => `${this.value(key, verb, depth + 1)}:${this.value(entries[key], verb, depth + 1)}`,
    );
    return this.flags.sharpV ? this.goSyntax(type, texts) : `map[${texts.join(" ")}]`;
  }

  private struct(struct: GoStruct, verb: string, depth: number): string {
    if (struct.kind === "ptr" && depth > 0) return this.pointer(struct, verb);
    const reference = struct.kind === "ptr" ? "&" : "";
    const named = this.flags.sharpV || this.flags.plusV;
    const texts = struct.fieldNames().map((name) => {
      const field = struct.field(name);
      const text = this.value(field === noField ? undefined : field, verb, depth + 1);
      return named ? `${name}:${text}` : text;
    });
    if (this.flags.sharpV) return reference + this.goSyntax(struct.type.replace(/^\*/, ""), texts);
    return `${reference}{${texts.join(" ")}}`;
  }

  private goSyntax(type: string, texts: readonly string[]): string {
    return `${type}{${texts.join(", ")}}`;
  }

  private pointer(value: Value, verb: string): string {
    const at = value instanceof NilPointer ? 0n : address;
    if (!kindsWithAddress.includes(kindOf(value))) return this.badVerb(value, verb);
    if (verb === "p") return formatInteger(at, 16, "x", { ...this.flags, sharp: !this.flags.sharp });
    if (addressVerbs.includes(verb)) return this.integer(at, verb, true, value);
    if (verb !== "v") return this.badVerb(value, verb);
    const text = at === 0n ? "nil" : `0x${at.toString(16)}`;
    if (this.flags.sharpV) return `(${typeOf(value)})(${text})`;
    return pad(at === 0n ? "<nil>" : text, this.flags);
  }

  /** `%!verb(type=value)`: the value as `%v` prints it, without a text of its own. */
  private badVerb(value: Value, verb: string): string {
    if (value === null || value === undefined) return `%!${verb}(<nil>)`;
    const outer = this.complaining;
    this.complaining = true;
    const text = `%!${verb}(${typeOf(value)}=${this.value(value, "v", 0)})`;
    this.complaining = outer;
    return text;
  }
}

function bytesOf(items: ValueList): Uint8Array | undefined {
  const bytes = new Uint8Array(items.length);
  for (const [index, item] of items.entries()) {
    const byte = item instanceof GoScalar ? item.value : item;
    if (typeof byte !== "bigint" && typeof byte !== "number") return undefined;
    bytes[index] = Number(byte);
  }
  return bytes;
}
