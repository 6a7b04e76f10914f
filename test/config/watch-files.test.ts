import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FileTexts, type FileWatch, readTogether, watchFiles } from "../../src/config/index.js";
import { MountedFolder } from "../support/mounted-folder.js";

let folder: string;
const watches: FileWatch[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pillion-watch-"));
});
afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close();
  await rm(folder, { recursive: true, force: true });
});

interface Seen {
  readonly changes: FileTexts[];
  readonly errors: string[];
  readonly watch: FileWatch;
}

async function start(paths: readonly string[], rereadMs = 60_000): Promise<Seen> {
  const changes: FileTexts[] = [];
  const errors: string[] = [];
  const watch = watchFiles(paths, await readTogether(paths), {
    debounceMs: 5,
    rereadMs,
    onChange: (texts) => changes.push(texts),
    onError: (error) => errors.push(error.message),
  });
  watches.push(watch);
  return { changes, errors, watch };
}

describe("watching files", () => {
  it("hears of a file that is written, and of one that is replaced by a rename, again and again", async () => {
    const path = join(folder, "config");
    await writeFile(path, "0");
    const seen = await start([path]);
    for (let turn = 1; turn <= 4; turn++) {
      if (turn % 2 === 0) await writeFile(path, String(turn));
      else {
        await writeFile(`${path}.new`, String(turn));
        await rename(`${path}.new`, path);
      }
      await vi.waitFor(() => expect(seen.changes.at(-1)?.get(path)).toBe(String(turn)), { timeout: 20_000 });
    }
    expect(seen.errors).toEqual([]);
  });

  it("hears of every swap of a mounted ConfigMap, with all files of the same version", async () => {
    const mount = new MountedFolder(folder);
    await mount.swap({ config: "c0", values: "v0" });
    const seen = await start([mount.path("config"), mount.path("values")]);
    for (let turn = 1; turn <= 10; turn++) {
      await mount.swap({ config: `c${turn}`, values: `v${turn}` });
      await vi.waitFor(() => expect(seen.changes.at(-1)?.get(mount.path("config"))).toBe(`c${turn}`), {
        timeout: 20_000,
      });
    }
    for (const texts of seen.changes) {
      const [config = "", values = ""] = [...texts.values()];
      expect(values).toBe(config.replace("c", "v"));
    }
    expect(seen.errors).toEqual([]);
  });

  it("reads all files of one version even while they are swapped as fast as it goes", async () => {
    const mount = new MountedFolder(folder);
    await mount.swap({ config: "0", values: "0" });
    let reading = true;
    const swapping = (async () => {
      for (let turn = 1; reading; turn++) {
        await mount.swap({ config: String(turn), values: String(turn) });
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const pairs: string[][] = [];
    for (let turn = 0; turn < 200; turn++) {
      // A version that is gone while it is read is an error of the system, and read again with the next event.
      const texts = await readTogether([mount.path("config"), mount.path("values")]).catch(() => undefined);
      if (texts !== undefined) pairs.push([...texts.values()]);
    }
    reading = false;
    await swapping;
    expect(pairs.length).toBeGreaterThan(20);
    expect(pairs.filter(([config, values]) => config !== values)).toEqual([]);
  });

  it("says nothing when the content is what it was", async () => {
    const path = join(folder, "config");
    await writeFile(path, "same");
    const seen = await start([path]);
    await writeFile(path, "same");
    await seen.watch.check();
    expect(seen.changes).toEqual([]);
  });

  it("tells once that a file is gone, and goes on when it is back", async () => {
    const path = join(folder, "config");
    await writeFile(path, "a");
    const seen = await start([path]);
    await rm(path);
    await seen.watch.check();
    await seen.watch.check();
    expect(seen.errors).toEqual([expect.stringContaining("ENOENT")]);
    await writeFile(path, "b");
    await vi.waitFor(() => expect(seen.changes.at(-1)?.get(path)).toBe("b"), { timeout: 20_000 });
  });

  it.each(["a named pipe", "a directory"])(
    "tells of %s in a file's place, follows the others meanwhile, and the file when it is back",
    async (kind) => {
      const [path, other] = [join(folder, "config"), join(folder, "other")];
      for (const file of [path, other]) await writeFile(file, "a");
      const seen = await start([path, other]);
      await rm(path);
      if (kind === "a directory") await mkdir(path);
      else execFileSync("mkfifo", [path]);
      await seen.watch.check();
      await seen.watch.check();
      expect(seen.errors).toEqual([`${path} is ${kind}; a regular file is needed there`]);
      await writeFile(other, "b");
      await vi.waitFor(() => expect(seen.changes.at(-1)?.get(other)).toBe("b"), { timeout: 20_000 });
      expect(seen.changes.at(-1)?.get(path)).toBe("a");
      await vi.waitFor(() => expect(seen.errors).toHaveLength(2), { timeout: 20_000 });
      await rm(path, { recursive: true });
      await writeFile(path, "c");
      await vi.waitFor(() => expect(seen.changes.at(-1)?.get(path)).toBe("c"), { timeout: 20_000 });
    },
  );

  it("is not begun with a named pipe: what would be served is unknown", async () => {
    const path = join(folder, "config");
    execFileSync("mkfifo", [path]);
    await expect(readTogether([path])).rejects.toThrow("is a named pipe; a regular file is needed there");
  });

  it("finds a change without an event by reading from time to time, also in a folder that was replaced", async () => {
    const inner = join(folder, "inner");
    const path = join(inner, "config");
    await mkdir(inner);
    await writeFile(path, "a");
    const seen = await start([path], 20);
    await rename(inner, join(folder, "old"));
    await mkdir(inner);
    await writeFile(path, "b");
    await vi.waitFor(() => expect(seen.changes.at(-1)?.get(path)).toBe("b"), { timeout: 20_000 });
  });
});
