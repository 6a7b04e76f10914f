import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/peer.js";
import { fixtures, goVersion, readRecording } from "./recorded.js";

const tables = readdirSync(fixtures).map((file) => file.replace(/\.json$/, ""));
const version = goVersion();

describe("the answers of Go", () => {
  it("say by which command and which Go they came", () => {
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const { command, go } = readRecording(table);
      expect(command).toBe(
        `cd scripts/record-go && go run . ${table} > ../../test/fixtures/go/${table}.json`,
      );
      expect(go).toMatch(/^go1\.\d+/);
    }
  });

  // Another Go has other tables of characters, and may word its errors otherwise.
  const other = tables.filter((table) => readRecording(table).go !== version);
  const reason =
    version === undefined
      ? ": skipped, there is no Go here"
      : other.length > 0
        ? `: skipped, ${version} is not the Go that they were recorded with`
        : "";

  it.skipIf(reason !== "")(`are those that the recorder writes today${reason}`, () => {
    const cwd = join(root, "scripts", "record-go");
    const printable = execFileSync("go", ["run", ".", "printable"], { cwd, encoding: "utf8" });
    expect(readFileSync(join(root, "src/go/strconv/printable.generated.ts"), "utf8") === printable).toBe(
      true,
    );
    const folder = mkdtempSync(join(tmpdir(), "pillion-record-go-"));
    try {
      execFileSync("go", ["run", ".", folder], { cwd, stdio: "pipe" });
      const written = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
      expect(written.sort()).toEqual([...tables].sort());
      for (const table of tables)
        expect(
          readFileSync(join(folder, `${table}.json`), "utf8") ===
            readFileSync(join(fixtures, `${table}.json`), "utf8"),
          table,
        ).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
