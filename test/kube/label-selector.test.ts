import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/json/index.js";
import { compileSelector } from "../../src/kube/index.js";

function matches(selector: JsonValue, labels: Record<string, JsonValue>): boolean {
  const result = compileSelector(selector);
  if (!result.ok) throw new Error(result.error);
  return result.matches(labels);
}

const expression = (key: string, operator: string, values?: string[]): JsonValue => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});

describe("compileSelector", () => {
  it.each([
    [{ matchLabels: { a: "1" } }, { a: "1", b: "2" }, true],
    [{ matchLabels: { a: "1", b: "1" } }, { a: "1", b: "2" }, false],
    [expression("a", "In", ["1", "2"]), { a: "2" }, true],
    [expression("a", "In", ["1"]), {}, false],
    [expression("a", "NotIn", ["1"]), {}, true],
    [expression("a", "NotIn", ["1"]), { a: "1" }, false],
    [expression("a", "Exists"), { a: "" }, true],
    [expression("a", "Exists"), {}, false],
    [expression("a", "DoesNotExist"), {}, true],
    [expression("a", "DoesNotExist"), { a: "" }, false],
    [expression("constructor", "Exists"), {}, false],
    [{ matchLabels: { a: "" } }, {}, false],
    [{ matchLabels: { a: "1" }, ...(expression("b", "Exists") as object) }, { a: "1" }, false],
    [{}, {}, true],
  ])("of %j and %j says %j", (selector, labels, verdict) => {
    expect(matches(selector as JsonValue, labels as Record<string, JsonValue>)).toBe(verdict);
  });

  it("tells when it is empty, and prints itself as kubectl does", () => {
    expect(compileSelector({})).toMatchObject({ ok: true, empty: true, text: "" });
    expect(
      compileSelector({
        matchLabels: { b: "1" },
        matchExpressions: [
          { key: "c", operator: "NotIn", values: ["y", "x"] },
          { key: "a", operator: "DoesNotExist" },
          { key: "d", operator: "Exists" },
          { key: "e", operator: "In", values: ["z"] },
        ],
      }),
    ).toMatchObject({ ok: true, empty: false, text: "!a,b=1,c notin (x,y),d,e in (z)" });
  });

  it.each<[JsonValue, string]>([
    [[], "must be a mapping"],
    [{ matchLabels: { a: 1 } }, 'the value of "a" must be a string'],
    [{ matchLabels: { "a b": "1" } }, 'the key "a b" is not valid: name part'],
    [{ matchLabels: { "a/b/c": "1" } }, "at most one prefix"],
    [{ matchLabels: { "/a": "1" } }, "prefix part must be non-empty"],
    [{ matchLabels: { "A/a": "1" } }, "lowercase DNS subdomain"],
    [{ matchLabels: { "a/": "1" } }, "name part must be non-empty"],
    [{ matchLabels: { ["x".repeat(64)]: "1" } }, "no more than 63"],
    [{ matchLabels: { [`${"x".repeat(254)}/a`]: "1" } }, "no more than 253"],
    [{ matchLabels: { a: "x".repeat(64) } }, "no more than 63"],
    [{ matchLabels: { a: "-" } }, "is not valid"],
    [expression("a", "in", ["1"]), '"in" is not an operator; use In, NotIn, Exists or DoesNotExist'],
    [expression("a", "In"), "In needs at least one value"],
    [expression("a", "Exists", ["1"]), "Exists takes no values"],
    [{ matchExpressions: {} }, "matchExpressions must be a list"],
    [{ matchExpressions: ["a"] }, "matchExpressions[0] must be a mapping"],
  ])("refuses %j", (selector, why) => {
    const result = compileSelector(selector);
    expect(result.ok ? "" : result.error).toContain(why);
  });
});
