import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { FileReads } from "./file-reads.js";
import { type FileTexts, type ReadableTexts, readReadable } from "./read-together.js";

/** How files are watched. */
export interface WatchFilesOptions {
  /** Milliseconds from the first event to reading; later events do not extend it. The default is Istio's 100. */
  readonly debounceMs?: number;
  /**
   * Milliseconds between readings without an event. The default is a minute, as the kubelet's own: some file systems
   * tell of nothing, and a watch on a folder that was replaced hears nothing any more.
   */
  readonly rereadMs?: number;
  /** Milliseconds after which a read counts as one that hangs. The default is 10 seconds. */
  readonly patienceMs?: number;
  /** The files changed, all of them together. One that hangs or is none has the text that it had. */
  readonly onChange: (texts: FileTexts) => void;
  /** The files cannot be read. Told once for each message until they can. */
  readonly onError: (error: Error) => void;
}

/** A running watch. */
export interface FileWatch {
  /** Reads now, without waiting for an event. */
  check(): Promise<void>;
  close(): void;
}

/**
 * Watches files the way mounted ConfigMaps and Secrets need it: the folders are watched, since a watch on a file is deaf
 * after the first swap; an event only prompts a reading, and only content that differs counts.
 *
 * @param known what the files held when they were last read
 */
export function watchFiles(
  paths: readonly string[],
  known: FileTexts,
  options: WatchFilesOptions,
): FileWatch {
  return new DirectoryWatch(paths, known, options);
}

class DirectoryWatch implements FileWatch {
  readonly #paths: readonly string[];
  readonly #options: WatchFilesOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #reread: NodeJS.Timeout;
  readonly #reads: FileReads;
  #known: FileTexts;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #lastError = "";
  #closed = false;

  constructor(paths: readonly string[], known: FileTexts, options: WatchFilesOptions) {
    this.#paths = paths;
    this.#known = known;
    this.#options = options;
    this.#reads = new FileReads(options.patienceMs);
    this.#arm();
    this.#reread = setInterval(() => void this.check(), options.rereadMs ?? 60_000);
    this.#reread.unref();
    // What changed since the files were read, before anybody watched.
    this.#prompt();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#reread);
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** One reading at a time; a call during a reading makes it read once more. */
  check(): Promise<void> {
    if (this.#reading !== undefined) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readUntilCalm().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readUntilCalm(): Promise<void> {
    do {
      this.#again = false;
      await this.#read();
    } while (this.#again && !this.#closed);
  }

  async #read(): Promise<void> {
    this.#arm();
    try {
      const read = await readReadable(this.#paths, this.#reads);
      if (!this.#closed) this.#take(read);
    } catch (error) {
      if (!this.#closed) this.#tell(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What can be read is followed, whatever is in another file's place. */
  #take({ texts: read, faults }: ReadableTexts): void {
    const texts = new Map(
      this.#paths.map((path) => [path, read.get(path) ?? this.#known.get(path) ?? ""] as const),
    );
    if (this.#paths.some((path) => texts.get(path) !== this.#known.get(path))) {
      this.#known = texts;
      this.#options.onChange(texts);
      // The change may have been good news, and a fault that is still there is not to be forgotten over it.
      this.#lastError = "";
    }
    const [fault] = faults.values();
    if (fault !== undefined) this.#tell(fault);
    else this.#lastError = "";
  }

  #tell(fault: Error): void {
    if (fault.message === this.#lastError) return;
    this.#lastError = fault.message;
    this.#options.onError(fault);
  }

  /** Watches every folder that is there and not watched yet. One that is gone is tried again with the next reading. */
  #arm(): void {
    if (this.#closed) return;
    for (const folder of new Set(this.#paths.map((path) => dirname(path)))) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#prompt());
        watcher.on("error", () => this.#forget(folder, watcher));
        this.#watchers.set(folder, watcher);
      } catch {
        // The reading that follows tells what is wrong with the folder.
      }
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
    this.#prompt();
  }

  #prompt(): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.check();
    }, this.#options.debounceMs ?? 100);
    this.#timer.unref();
  }
}
