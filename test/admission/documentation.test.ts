import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outcomeCodes } from "../../src/admission/index.js";
import { reloadStages } from "../../src/config/index.js";
import { root } from "../support/peer.js";

describe("docs/errors.md", () => {
  const text = readFileSync(join(root, "docs", "errors.md"), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  const named = new Set(
    rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((m) => m[1])),
  );

  it("explains every code of a decision, a failure and a request, and every stage of a reload", () => {
    const codes = [...Object.keys(outcomeCodes), ...reloadStages];
    expect(codes.filter((code) => !named.has(code))).toEqual([]);
  });
});
