import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileReads, UnreadableFile } from "../../src/config/file-reads.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pillion-reads-"));
  await writeFile(join(folder, "file"), "text");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Work that ends when the test says so, as a read does whose network comes back. */
function hanging() {
  let end = () => {};
  let begun = 0;
  const ended = new Promise<string>((resolve) => {
    end = () => resolve("late");
  });
  const work = () => {
    begun++;
    return ended;
  };
  return { work, end, begun: () => begun };
}

describe("reading files of which some hang", () => {
  it("gives up a read that takes too long, and reads no other of the same folder meanwhile", async () => {
    const reads = new FileReads(20);
    const { work, begun } = hanging();
    const [first, second] = ["/gone/a", "/gone/b"].map((path) => reads.inTime(path, work));
    await expect(first).rejects.toThrow(
      "/gone/a cannot be read: its file system has not answered for 0.02 seconds",
    );
    await expect(second).rejects.toThrow(UnreadableFile);
    await expect(reads.inTime("/gone/c", work)).rejects.toThrow("/gone/c cannot be read");
    // Each that hangs would hold a thread, and Node has four.
    expect(begun()).toBe(1);
  });

  it("reads those of other folders all the same", async () => {
    const reads = new FileReads(20);
    await expect(reads.inTime("/gone/a", hanging().work)).rejects.toThrow();
    expect(await reads.text(join(folder, "file"))).toBe("text");
  });

  it("reads again when the file system has answered after all", async () => {
    const reads = new FileReads(20);
    const { work, end } = hanging();
    await expect(reads.inTime(join(folder, "gone"), work)).rejects.toThrow();
    await expect(reads.text(join(folder, "file"))).rejects.toThrow("has not answered");
    end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await reads.text(join(folder, "file"))).toBe("text");
  });
});
