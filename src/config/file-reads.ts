import { constants, type Stats } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Files of a mount are read in microseconds, those of a slow network in seconds. What takes longer hangs, and whoever
 * waits for it hears of nothing else.
 */
const patienceMs = 10_000;

/** Thrown for what cannot be read however often it is tried: it is no file, or reading it does not end. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/**
 * Reads files that may hang, as on a network that is gone, without hanging: a read that takes too long is abandoned. It
 * goes on holding one of the few threads that Node reads with, so the files of a folder are read one after the other,
 * and none while one of them hangs. Decided in ADR 0212.
 */
export class FileReads {
  readonly #patienceMs: number;
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #hung = new Set<string>();

  constructor(patience: number = patienceMs) {
    this.#patienceMs = patience;
  }

  /** Where a path leads. @throws UnreadableFile, or the system's error */
  resolve(path: string): Promise<string> {
    return this.inTime(path, () => realpath(path));
  }

  /** A file's text as UTF-8. @throws UnreadableFile, or the system's error */
  text(path: string): Promise<string> {
    return this.inTime(path, () => readRegularFile(path));
  }

  /** Does some work with a file, when what was asked for before in its folder is done. @throws UnreadableFile when it hangs */
  inTime<T>(path: string, work: () => Promise<T>): Promise<T> {
    const folder = dirname(path);
    if (this.#hung.has(folder)) return Promise.reject(this.#hanging(path));
    const result = (this.#last.get(folder) ?? Promise.resolve()).then(work);
    const settled = result.then(
      () => {},
      () => {},
    );
    this.#last.set(folder, settled);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#hung.add(folder);
        void settled.then(() => this.#hung.delete(folder));
        reject(this.#hanging(path));
      }, this.#patienceMs);
      result.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  #hanging(path: string): UnreadableFile {
    const seconds = this.#patienceMs / 1000;
    return new UnreadableFile(
      `${path} cannot be read: its file system has not answered for ${seconds} seconds`,
    );
  }
}

/** Without O_NONBLOCK opening a pipe waits for somebody who writes to it. */
async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const about = await file.stat();
    if (!about.isFile())
      throw new UnreadableFile(`${path} is ${kindOf(about)}; a regular file is needed there`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function kindOf(about: Stats): string {
  if (about.isFIFO()) return "a named pipe";
  return about.isDirectory() ? "a directory" : "a device";
}
