import { goJsonString, sortedKeys } from "../go/index.js";
import {
  GoScalar,
  GoStruct,
  GoValue,
  type LooseMap,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
  typeOf,
  type Value,
} from "../gotemplate/index.js";
import type { Invocation } from "./invocation.js";
import { isPlainList } from "./list-items.js";
import { bytesOf } from "./print.js";
import { SprigError } from "./sprig-error.js";

/** How the text looks: `<`, `>` and `&` escaped or not, on one line or indented. */
export interface JsonStyle {
  readonly escapeHtml: boolean;
  readonly indent?: string;
}

/** Only a value that holds itself is deeper. */
const deepest = 1000;

/**
 * Writes values as encoding/json does: keys in order, `null` for nil maps and slices, base64 for bytes.
 * A value with a method `toJSON` is written as what that returns; any other struct by its Go field names,
 * since its JSON tags are not known here.
 */
export class JsonWriter {
  constructor(
    private readonly call: Invocation,
    private readonly style: JsonStyle,
  ) {}

  write(value: Value): string {
    return this.value(value, 0);
  }

  private value(value: Value, depth: number): string {
    this.call.charge(1);
    if (depth > deepest)
      throw new SprigError("encoding", `json: the value nests deeper than ${deepest} levels`);
    if (value === undefined || value === null) return "null";
    if (typeof value === "string") return this.text(value);
    if (typeof value === "number") return float(value);
    if (typeof value !== "object") return String(value);
    if (value instanceof GoValue) return this.goValue(value, depth);
    if (isPlainList(value)) return this.list(value, depth);
    return this.map(value, depth);
  }

  private goValue(value: GoValue, depth: number): string {
    if ("toJSON" in value && typeof value.toJSON === "function") {
      const plain: Value = value.toJSON();
      return this.value(plain, depth + 1);
    }
    if (value instanceof GoScalar) return this.value(value.value, depth);
    if (value instanceof NilPointer) return "null";
    if (value instanceof TypedMap) return value.isNil ? "null" : this.map(value.entries, depth);
    if (value instanceof TypedSlice) return this.slice(value, depth);
    if (value instanceof GoStruct) return this.struct(value, depth);
    throw new SprigError("encoding", `json: unsupported type: ${typeOf(value)}`);
  }

  private slice(slice: TypedSlice, depth: number): string {
    if (slice.isNil) return "null";
    if (slice.type !== "[]uint8") return this.list(slice.items, depth);
    return this.text(Buffer.from(bytesOf(slice)).toString("base64"));
  }

  private struct(struct: GoStruct, depth: number): string {
    const members = struct.fieldNames().map((name): [string, Value] => {
      const field = struct.field(name);
      return [name, field === noField ? null : field];
    });
    return this.members(members, depth);
  }

  private map(map: LooseMap, depth: number): string {
    return this.members(
      sortedKeys(map).map((key) => [key, map[key]]),
      depth,
    );
  }

  private members(members: readonly [string, Value][], depth: number): string {
    const colon = this.style.indent === undefined ? ":" : ": ";
    const parts = members.map(([key, value]) => this.text(key) + colon + this.value(value, depth + 1));
    return this.block("{", parts, "}", depth);
  }

  private list(items: readonly Value[], depth: number): string {
    return this.block(
      "[",
      items.map((item) => this.value(item, depth + 1)),
      "]",
      depth,
    );
  }

  private block(open: string, parts: readonly string[], close: string, depth: number): string {
    const { indent } = this.style;
    if (indent === undefined || parts.length === 0) return open + parts.join(",") + close;
    this.call.chargeText(parts.length * (depth + 1) * indent.length);
    const line = `\n${indent.repeat(depth + 1)}`;
    return `${open}${line}${parts.join(`,${line}`)}\n${indent.repeat(depth)}${close}`;
  }

  private text(text: string): string {
    this.call.chargeText(text.length);
    return goJsonString(text, this.style.escapeHtml);
  }
}

/** The shortest digits, with an exponent from 1e21 on and below 1e-6, which is JavaScript's form too. */
function float(value: number): string {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new SprigError("encoding", `json: unsupported value: ${name}`);
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
