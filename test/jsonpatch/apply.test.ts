import specification from "json-patch-test-suite/spec_tests.json" with { type: "json" };
import suite from "json-patch-test-suite/tests.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/json/index.js";
import { apply, JsonPatchError, type Operation } from "../../src/jsonpatch/index.js";

interface Case {
  readonly comment?: string;
  readonly doc: JsonValue;
  readonly patch: Operation[];
  readonly expected?: JsonValue;
  readonly error?: string;
  readonly disabled?: boolean;
}

/** The suite's own comments are not unique, and some cases have none. */
function titled(cases: readonly unknown[]) {
  return (cases as readonly Case[])
    .map((value, index) => ({
      title: `${index} ${value.comment ?? value.error ?? JSON.stringify(value.patch)}`,
      ...value,
    }))
    .filter((value) => value.patch !== undefined && value.disabled !== true);
}

describe("apply does what json-patch-test-suite says", () => {
  it.each([...titled(specification), ...titled(suite)])("$title", ({ doc, patch, expected, error }) => {
    const inputs = JSON.stringify([doc, patch]);
    if (error !== undefined) expect(() => apply(doc, patch)).toThrow(JsonPatchError);
    else if (expected !== undefined) expect(apply(doc, patch)).toEqual(expected);
    else apply(doc, patch);
    expect(JSON.stringify([doc, patch])).toBe(inputs);
  });
});
