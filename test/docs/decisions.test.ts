import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/peer.js";

const folder = join(root, "docs", "adr");
const decisions = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
const index = readFileSync(join(folder, "README.md"), "utf8");

/** The texts of the files in which decisions are carried out. */
function implementations(): string[] {
  return ["src", "charts", "templates", "scripts"].flatMap((name) =>
    readdirSync(join(root, name), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|mjs|yaml|tpl|txt|json)$/.test(path))
      .map((path) => readFileSync(join(root, name, path), "utf8")),
  );
}

describe("decisions", () => {
  it("are numbered once, and their title begins with the number of their file", () => {
    expect(decisions.length).toBeGreaterThan(40);
    const titles = decisions.map((name) => readFileSync(join(folder, name), "utf8").split("\n")[0] ?? "");
    const wrong = decisions.filter((name, at) => !titles[at]?.startsWith(`# ${Number(name.slice(0, 4))}. `));
    expect(wrong).toEqual([]);
    expect(new Set(decisions.map((name) => name.slice(0, 4))).size).toBe(decisions.length);
  });

  it("are all in the index, with status and date, and the index names nothing else", () => {
    const rows = [...index.matchAll(/^\| \[(\d{4}) (.+)\]\((\S+)\) \| (.+) \| \d{4}-\d\d-\d\d \|$/gm)];
    expect(rows.map((row) => row[3]).sort()).toEqual([...decisions].sort());
    for (const [, number, title, file, status] of rows) {
      expect(file?.startsWith(`${number}-`), file).toBe(true);
      expect(readFileSync(join(folder, file ?? ""), "utf8")).toMatch(`. ${title}\n`);
      expect(status).toMatch(/^(accepted|replaced by \[\d{4}\]\(\d{4}-\S+\.md\))$/);
    }
  });

  it("that stand are named in the files that carry them out", () => {
    const text = implementations().join("\n");
    const named = new Set([...text.matchAll(/ADR (\d{4})\b/g)].map((match) => match[1]));
    const accepted = [...index.matchAll(/^\| \[(\d{4}) .*\| accepted \|/gm)].map((match) => match[1] ?? "");
    expect(accepted.filter((number) => !named.has(number))).toEqual([]);
    const known = new Set(decisions.map((name) => name.slice(0, 4)));
    expect([...named].filter((number) => number === undefined || !known.has(number))).toEqual([]);
  });
});

describe("the behaviour that the code rests on", () => {
  it("is cited by anchors that docs/behaviour.md has, and by no number of another text", () => {
    const page = readFileSync(join(root, "docs", "behaviour.md"), "utf8");
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] ?? "")
        .toLowerCase()
        .replaceAll(" ", "-")
        .replaceAll(/[^a-z0-9-]/g, ""),
    );
    const cited = implementations()
      .flatMap((text) => [...text.matchAll(/docs\/behaviour\.md#([a-z-]+)/g)])
      .map((match) => match[1] ?? "");
    expect(cited.length).toBeGreaterThan(15);
    expect(cited.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});
