import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createContext, GoTemplateError, TemplateSet } from "../../src/gotemplate/index.js";
import { root } from "../support/peer.js";
import { functions, world } from "./world.js";

/** One probe and what Go answered, as scripts/record-go-template/main.go writes them. */
interface Answer {
  readonly area: string;
  readonly template?: string;
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  readonly execute?: string;
  readonly options?: readonly string[];
  readonly delims?: readonly [string, string];
  readonly want?: string;
  readonly error?: string;
}

const file = join(root, "test", "fixtures", "go-template", "answers.json");
const answers: readonly Answer[] = JSON.parse(readFileSync(file, "utf8"));

function answer(probe: Answer): { text: string } | { error: string } {
  const option = probe.options?.[0]?.replace("missingkey=", "");
  const set = new TemplateSet("root", {
    functions,
    ...(option === "zero" || option === "error" ? { missingKey: option } : {}),
    ...(probe.delims === undefined ? {} : { delims: { left: probe.delims[0], right: probe.delims[1] } }),
  });
  try {
    for (const { name, text } of probe.files ?? [{ name: "root", text: probe.template ?? "" }])
      set.parse(name, text);
    const context = createContext({ now: () => 0, random: () => 0 });
    return { text: set.execute(probe.execute ?? "root", world(), context) };
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return { error: error.message };
  }
}

describe("every probe gets Go's output or Go's error, word for word", () => {
  for (const area of new Set(answers.map((one) => one.area))) {
    const probes = answers.filter((one) => one.area === area);
    it(`${area}: ${probes.length} probes`, () => {
      for (const probe of probes) {
        const expected = probe.want === undefined ? { error: probe.error } : { text: probe.want };
        expect.soft(answer(probe), JSON.stringify(probe.template ?? probe.files)).toEqual(expected);
      }
    });
  }
});
