import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { goJson } from "../../src/go/index.js";
import { GoYamlError, yamlToJson } from "../../src/goyaml/index.js";
import { peerMissing, peerPath } from "../support/peer.js";

interface Case {
  readonly area: string;
  readonly name: string;
  readonly yaml: string;
  readonly wantText?: string;
  readonly error?: string;
}

const file = ["go-oracle", "yaml.json"];
const missing = peerMissing(...file);
const cases: Case[] = missing === undefined ? JSON.parse(readFileSync(peerPath(...file), "utf8")) : [];

describe.skipIf(missing !== undefined)(`YAML becomes the JSON that Go makes of it ${missing ?? ""}`, () => {
  it("finds the recorded answers", () => {
    expect(cases.length).toBeGreaterThan(300);
  });

  it.each(cases)("$area: $name", ({ yaml, wantText, error }) => {
    if (error === undefined) expect(goJson(yamlToJson(yaml))).toBe(wantText);
    else expect(() => yamlToJson(yaml)).toThrow(GoYamlError);
  });
});
