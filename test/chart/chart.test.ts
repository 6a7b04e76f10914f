import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { embeddedDefaults } from "../../src/config/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { root } from "../support/peer.js";

const chart = join(root, "charts", "pillion");
const read = (...path: readonly string[]) => readFileSync(join(chart, ...path), "utf8");

/** The paths of all values that are no map, or an empty one. */
function leaves(value: unknown, path: readonly string[] = []): string[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [path.join(".")];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** The schema of a path, as far as it is described by properties. */
function schemaAt(schema: JsonObject, path: readonly string[]): JsonObject | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const { properties } = schema;
  const inner = isObject(properties) ? properties[key] : undefined;
  return isObject(inner) ? schemaAt(inner, rest) : undefined;
}

describe("the chart's files", () => {
  it("are fresh: templates, README, schema and versions are what their sources say", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "chart.mjs"), "--check"], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("hold the built-in templates, each complete, and nothing else", () => {
    const files = readdirSync(join(chart, "files", "templates")).sort();
    expect(files).toEqual([...embeddedDefaults.templates.keys()].map((name) => `${name}.yaml`).sort());
    for (const [name, { text }] of embeddedDefaults.templates)
      expect(read("files", "templates", `${name}.yaml`)).toBe(text);
    expect(read("files", "values.yaml")).toBe(embeddedDefaults.values.text);
  });

  it("are called stale when a source changes", () => {
    const copy = mkdtempSync(join(tmpdir(), "pillion-chart-"));
    try {
      for (const part of ["charts", "scripts", "package.json", "src/config/embedded.generated.ts"])
        cpSync(join(root, part), join(copy, part), { recursive: true });
      cpSync(join(root, "node_modules", "yaml"), join(copy, "node_modules", "yaml"), { recursive: true });
      const script = join(copy, "scripts", "chart.mjs");
      execFileSync(process.execPath, [script, "--check"]);
      const values = join(copy, "charts", "pillion", "values.yaml");
      writeFileSync(values, readFileSync(values, "utf8").replace("replicas: 2", "replicas: 3"));
      const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
      expect(status).toBe(1);
      expect(stderr).toContain("charts/pillion/README.md");
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it("describe every value in the schema and in the README, and refuse keys that nobody described", () => {
    const schema: JsonObject = JSON.parse(read("values.schema.json"));
    const readme = read("README.md");
    for (const path of leaves(parse(read("values.yaml")))) {
      const parts = path.split(".");
      const described = parts
        .map((_, index) => parts.slice(0, index + 1))
        .find((part) => {
          const found = schemaAt(schema, part);
          return found !== undefined && !isObject(found.properties) ? true : found?.description !== undefined;
        });
      expect(described, path).toBeDefined();
      expect(readme, path).toContain(`| \`${described?.join(".")}\` |`);
      for (let depth = 0; depth < (described?.length ?? 0); depth++)
        expect(
          schemaAt(schema, parts.slice(0, depth))?.additionalProperties,
          parts.slice(0, depth).join("."),
        ).toBe(false);
    }
  });

  it("let the built-in values themselves say which Istio is injected", () => {
    expect(parse(read("files", "values.yaml")).global.tag).toBe(embeddedDefaults.istioVersion);
  });
});
