import { existsSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/peer.js";

const page = readFileSync(join(root, "docs", "threat-model.md"), "utf8");

interface Promised {
  readonly promise: string;
  /** Test files, from the root of the repository. */
  readonly files: readonly string[];
}

/** The rows of the tables whose second column names tests. */
function promises(text: string): readonly Promised[] {
  const tables = text.split("| promise | shown by |\n|---|---|\n").slice(1);
  return tables.flatMap((rest) => {
    const rows = rest.slice(0, rest.search(/^(?!\|)/m)).trim();
    return rows.split("\n").map((row) => {
      const [, promise = "", shownBy = ""] = row.split("|").map((cell) => cell.trim());
      const links = [...shownBy.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
      return { promise, files: links.map((link) => normalize(join("docs", link))) };
    });
  });
}

/** What vitest runs, or `npm run test:hostile`. */
function isTest(file: string): boolean {
  return /^test\/(.+\.test|hostile\/attacks\/.+)\.ts$/.test(file);
}

/** What is wrong with a promise. */
function faults({ promise, files }: Promised): readonly string[] {
  if (files.length === 0) return [`no test shows it: ${promise}`];
  return files
    .filter((file) => !isTest(file) || !existsSync(join(root, file)))
    .map((file) => `${file} is no test file`);
}

describe("the threat model", () => {
  it("names for each promise tests that are there", () => {
    const all = promises(page);
    expect(all.length).toBeGreaterThan(15);
    expect(all.flatMap(faults)).toEqual([]);
  });

  it("would be found wanting without a test, or with one that is gone", () => {
    const table = "| promise | shown by |\n|---|---|\n| a | |\n| b | [x](../test/x.test.ts) |\n\nText.\n";
    expect(promises(table).flatMap(faults)).toEqual([
      "no test shows it: a",
      "test/x.test.ts is no test file",
    ]);
  });

  it("has every role that the table of trust names, and links to pages that are there", () => {
    for (const role of [
      "Pod author",
      "Namespace owner",
      "Template author",
      "Operator",
      "Network neighbour",
      "Node",
      "API server",
    ])
      expect(page).toContain(`| ${role} |`);
    for (const [file, text] of [
      ["docs", page],
      [".", readFileSync(join(root, "SECURITY.md"), "utf8")],
    ] as const)
      for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g))
        expect(existsSync(join(root, file, link)), link).toBe(true);
  });
});
