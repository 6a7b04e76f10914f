import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeUtf8 } from "../../src/go/index.js";
import { root } from "../support/peer.js";

/** Where the answers of Go lie, one table a file of src/go. */
export const fixtures = join(root, "test", "fixtures", "go");

/** What scripts/record-go wrote: the command that writes it again, the version of Go, and a row for each question. */
export interface Recording {
  readonly command: string;
  readonly go: string;
  readonly rows: readonly (readonly unknown[])[];
}

export function readRecording(table: string): Recording {
  const recording: Recording = JSON.parse(readFileSync(join(fixtures, `${table}.json`), "utf8"));
  return recording;
}

/** The rows of a table that start with this word, without it. There are so many at least. */
export function rowsOf(table: string, word: string, least: number): (readonly unknown[])[] {
  const rows = readRecording(table)
    .rows.filter(([first]) => first === word)
    .map((row) => row.slice(1));
  if (rows.length < least) throw new Error(`the table ${table} has ${rows.length} rows of ${word} only`);
  return rows;
}

/** A Go string of a row: a text, or its bytes in hexadecimal digits when it is not UTF-8. */
export function goText(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "object" && cell !== null && "bytes" in cell && typeof cell.bytes === "string")
    return decodeUtf8(Buffer.from(cell.bytes, "hex"));
  throw new Error(`${JSON.stringify(cell)} is not a text of a row`);
}

/** The version of the Go at hand, as `go1.26.8`; undefined when there is none. */
export function goVersion(): string | undefined {
  try {
    return execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
