import {
  createContext,
  GoScalar,
  int64,
  parseTemplate,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../src/gotemplate/index.js";
import { setOwn } from "../../src/json/index.js";
import { sprigFunctions } from "../../src/sprig/index.js";

/** A template, its data, and what Go made of it. Data has every number as a float64, and `$` types beside. */
export interface RecordedCase {
  readonly area: string;
  readonly template: string;
  readonly data?: unknown;
  readonly want?: string;
  readonly error?: string;
  readonly errorAt?: "parse" | "exec";
}

/** What a template gives: its output, or when and with which message it fails. */
export type Outcome = { readonly want: string } | { readonly errorAt: string; readonly error: string };

/** Parses and executes the template of a case with Sprig's functions. */
export function run(recorded: RecordedCase): Outcome {
  let errorAt = "parse";
  try {
    const template = parseTemplate("root", recorded.template, { functions: sprigFunctions });
    errorAt = "exec";
    const context = createContext({ now: () => 1_800_000_000_000, random: () => 0.25 });
    return { want: template.execute(typed(recorded.data), context) };
  } catch (error) {
    if (error instanceof Error) return { errorAt, error: error.message };
    throw error;
  }
}

/** The value of dot, from its JSON. */
function typed(data: unknown): Value {
  if (data === undefined || data === null) return null;
  if (typeof data === "string" || typeof data === "number" || typeof data === "boolean") return data;
  if (Array.isArray(data)) return data.map(typed);
  if (typeof data !== "object") throw new Error(`${typeof data} is no JSON`);
  const members = Object.entries(data);
  const [first] = members;
  if (first !== undefined && members.length === 1 && first[0].startsWith("$")) return special(...first);
  return mapOf(members);
}

function mapOf(members: readonly [string, unknown][]): Record<string, Value> {
  const map: Record<string, Value> = {};
  for (const [key, value] of members) setOwn(map, key, typed(value));
  return map;
}

function special(kind: string, value: unknown): Value {
  if (kind === "$int") return BigInt(Number(value));
  if (kind === "$int64") return int64(BigInt(Number(value)));
  if (kind === "$int32") return new GoScalar("int32", "int32", BigInt(Number(value)));
  if (kind === "$strings" && Array.isArray(value)) return new TypedSlice("[]string", value.map(typed));
  if (kind === "$stringMap" && typeof value === "object" && value !== null) {
    return new TypedMap("map[string]string", mapOf(Object.entries(value)), "");
  }
  throw new Error(`there is no type ${kind}`);
}
