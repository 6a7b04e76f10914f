import type { GoFunction, LooseMap, Value } from "../gotemplate/index.js";
import { setOwn } from "../json/index.js";
import { define, type Invocation } from "./invocation.js";
import { JsonWriter } from "./json-writer.js";
import { SprigError } from "./sprig-error.js";

/** The `json` family, as Go's encoding/json. The functions without `must` give "" or nil for an error. */
export const jsonFunctions: readonly GoFunction[] = [
  define("toJson", "pure", ["any"], (call) => quietly("", () => write(call, { escapeHtml: true }))),
  define("toPrettyJson", "pure", ["any"], (call) =>
    quietly("", () => write(call, { escapeHtml: true, indent: "  " })),
  ),
  // Go's toRawJson panics where toJson is silent.
  define("toRawJson", "pure", ["any"], (call) => write(call, { escapeHtml: false })),
  define("mustToJson", "pure", ["any"], (call) => write(call, { escapeHtml: true })),
  define("mustToPrettyJson", "pure", ["any"], (call) => write(call, { escapeHtml: true, indent: "  " })),
  define("mustToRawJson", "pure", ["any"], (call) => write(call, { escapeHtml: false })),
  define("fromJson", "pure", ["string"], (call) => new JsonReader(call).read(call.text(0)).value),
  define("mustFromJson", "pure", ["string"], (call) => {
    const { value, error } = new JsonReader(call).read(call.text(0));
    if (error !== undefined) throw error;
    return value;
  }),
];

function write(call: Invocation, style: { escapeHtml: boolean; indent?: string }): string {
  return new JsonWriter(call, style).write(call.any(0));
}

/** Only our own errors are Go's errors; what `charge` throws is not to be swallowed. */
function quietly(otherwise: string, body: () => string): string {
  try {
    return body();
  } catch (error) {
    if (error instanceof SprigError && error.code === "encoding") return otherwise;
    throw error;
  }
}

/** Deeper text is refused, so that nothing that walks a value overflows the stack. (Go stops at 10000.) */
const deepest = 1000;

/** What Go's json.Unmarshal leaves in the variable, and its error. */
interface JsonResult {
  readonly value: Value;
  readonly error?: SprigError;
}

class JsonReader {
  private error: SprigError | undefined;

  constructor(private readonly call: Invocation) {}

  read(text: string): JsonResult {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { value: null, error: new SprigError("syntax", `cannot read JSON: ${reason}`, { cause }) };
    }
    const value = this.accept(parsed, 0);
    return this.error === undefined ? { value } : { value, error: this.error };
  }

  /** Copies what JSON.parse gives; a number beyond float64 is nil and an error, as in Go. */
  private accept(parsed: unknown, depth: number): Value {
    if (depth > deepest)
      throw new SprigError("depth", `cannot read JSON that nests deeper than ${deepest} levels`);
    if (typeof parsed === "string") return wellFormed(parsed);
    if (typeof parsed === "number" && !Number.isFinite(parsed)) {
      this.error ??= new SprigError(
        "syntax",
        "json: cannot unmarshal a number that is out of range into Go value of type float64",
      );
      return null;
    }
    if (typeof parsed === "number" || typeof parsed === "boolean") return parsed;
    if (typeof parsed !== "object" || parsed === null) return null;
    this.call.charge(1);
    if (Array.isArray(parsed)) return parsed.map((item: unknown) => this.accept(item, depth + 1));
    return this.acceptMap(parsed, depth);
  }

  private acceptMap(parsed: object, depth: number): LooseMap {
    const entries: Record<string, Value> = {};
    for (const [key, value] of Object.entries(parsed)) {
      setOwn(entries, wellFormed(key), this.accept(value, depth + 1));
    }
    return entries;
  }
}

/** Half a surrogate pair, as from `"\ud800"`, is U+FFFD in Go. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, "\ufffd");
}
