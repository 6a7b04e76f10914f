import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  createContext,
  GoTemplateError,
  int64,
  type TemplateOptions,
  TemplateSet,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../src/gotemplate/index.js";
import { setOwn } from "../../src/json/index.js";
import { sprigFunctions } from "../../src/sprig/index.js";
import { peerMissing, peerPath } from "../support/peer.js";

/** One recorded case, as the README beside the data describes it. */
interface OracleCase {
  readonly area: string;
  readonly name: string;
  readonly template?: string;
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  readonly execute?: string;
  readonly data?: unknown;
  readonly sprig?: boolean;
  readonly options?: readonly string[];
  readonly delims?: readonly [string, string];
  readonly want?: string;
  readonly error?: string;
  readonly errorAt?: "parse" | "exec";
}

const missing = peerMissing("go-oracle", "template.json");
const cases: readonly OracleCase[] =
  missing === undefined ? JSON.parse(readFileSync(peerPath("go-oracle", "template.json"), "utf8")) : [];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(value: unknown): Record<string, string> {
  const result: Record<string, string> = {};
  if (isRecord(value)) for (const [key, text] of Object.entries(value)) result[key] = String(text);
  return result;
}

/** Data of a case as template values: an object with one key that starts with `$` stands for a typed value. */
function toValue(data: unknown): Value {
  if (Array.isArray(data)) return data.map(toValue);
  if (!isRecord(data))
    return typeof data === "string" || typeof data === "number" || typeof data === "boolean" ? data : null;
  if ("$int" in data) return BigInt(Number(data.$int));
  if ("$int64" in data) return int64(BigInt(Number(data.$int64)));
  if (Array.isArray(data.$strings)) return new TypedSlice("[]string", data.$strings.map(String));
  if ("$stringMap" in data) return new TypedMap("map[string]string", texts(data.$stringMap), "");
  const map: Record<string, Value> = {};
  for (const [key, value] of Object.entries(data)) setOwn(map, key, toValue(value));
  return map;
}

function missingKeyOf(options: readonly string[] = []): Pick<TemplateOptions, "missingKey"> {
  const option = options.find((text) => text.startsWith("missingkey="))?.slice("missingkey=".length);
  if (option === "zero" || option === "error") return { missingKey: option };
  return {};
}

type Outcome = { readonly text: string } | { readonly at: "parse" | "exec"; readonly message: string };

function attempt(at: "parse" | "exec", run: () => string): Outcome {
  try {
    return { text: run() };
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return { at, message: error.message };
  }
}

function runCase(one: OracleCase): Outcome {
  const set = new TemplateSet("root", {
    functions: one.sprig === false ? new Map() : sprigFunctions,
    ...missingKeyOf(one.options),
    ...(one.delims === undefined ? {} : { delims: { left: one.delims[0], right: one.delims[1] } }),
  });
  const files = one.files ?? [{ name: "root", text: one.template ?? "" }];
  const parsed = attempt("parse", () => {
    for (const { name, text } of files) set.parse(name, text);
    return "";
  });
  if ("at" in parsed) return parsed;
  const context = createContext({ now: () => 0, random: () => 0.5 });
  const data = "data" in one ? toValue(one.data) : undefined;
  return attempt("exec", () => set.execute(one.execute ?? "root", data, context));
}

const areas = [...new Set(cases.map(({ area }) => area))];

describe.skipIf(missing !== undefined)(
  `recorded answers of Go's templates${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    for (const area of areas) {
      describe(area, () => {
        it.each(cases.filter((one) => one.area === area))("$name", (one) => {
          const outcome = runCase(one);
          if (one.want !== undefined) expect(outcome).toEqual({ text: one.want });
          else expect(outcome).toMatchObject({ at: one.errorAt });
        });
      });
    }
  },
);
