import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusedFunctions, sprigFunctions } from "../../src/sprig/index.js";
import { root } from "../support/peer.js";

const goTypes: Record<string, string> = JSON.parse(
  readFileSync(join(root, "test/fixtures/sprig/functions.json"), "utf8"),
);
const names = Object.keys(goTypes).sort();

/** The parameters of a Go function type as our functions declare them. */
function parametersOf(goType: string): { types: string[]; variadic: boolean } {
  const [, list = ""] = /^func\(([^)]*)\)/.exec(goType) ?? [];
  const parts = list === "" ? [] : list.split(", ");
  const types = parts.map((part) => part.replace(/^\.\.\./, "").replace(/^interface \{\}$/, "any"));
  return { types, variadic: parts.at(-1)?.startsWith("...") ?? false };
}

describe("the functions of Sprig's TxtFuncMap", () => {
  test.each(names)("%s is there or refused, not both", (name) => {
    expect(sprigFunctions.has(name)).toBe(!refusedFunctions.has(name));
  });

  test.each(names.filter((name) => sprigFunctions.has(name)))("%s takes the types it takes in Go", (name) => {
    const definition = sprigFunctions.get(name);
    const { types, variadic } = parametersOf(goTypes[name] ?? "");
    expect(definition?.name).toBe(name);
    expect(definition?.parameters).toEqual(types);
    expect(definition?.variadic).toBe(variadic);
  });

  test("no other function is there or refused", () => {
    expect([...sprigFunctions.keys(), ...refusedFunctions.keys()].sort()).toEqual(names);
  });

  test.each([...refusedFunctions])("%s is refused with its name, a reason and a remedy", (name, message) => {
    expect(message).toContain(`the function ${name} is not available: it `);
    expect(message).toMatch(/; (make|hash|write) /);
  });
});
