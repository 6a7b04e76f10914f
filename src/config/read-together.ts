import { FileReads, UnreadableFile } from "./file-reads.js";

/** Texts of files by the path they were asked for. */
export type FileTexts = ReadonlyMap<string, string>;

/** What could be read, and what could not be however often it is tried. */
export interface ReadableTexts {
  readonly texts: FileTexts;
  readonly faults: ReadonlyMap<string, UnreadableFile>;
}

/**
 * Reads files as one whole. The files of a mounted ConfigMap change all at once, by a link that is swapped; when it is
 * swapped between two reads, all are read again. Throws the system's error, or one that names a file that hangs or is none.
 */
export async function readTogether(paths: readonly string[]): Promise<FileTexts> {
  const { texts, faults } = await readReadable(paths, new FileReads());
  for (const fault of faults.values()) throw fault;
  return texts;
}

/** As {@link readTogether}, but files that hang or are none are left out, and told. Throws the system's error. */
export async function readReadable(paths: readonly string[], reads: FileReads): Promise<ReadableTexts> {
  // A swap takes the kubelet a minute; to meet three in a row is no accident but a fault.
  for (let attempt = 1; ; attempt++) {
    const faults = new Map<string, UnreadableFile>();
    const resolve = () => readEach(paths, (path) => reads.resolve(path), faults);
    const before = await resolve();
    const [reading] = await Promise.allSettled([readEach(paths, (path) => reads.text(path), faults)]);
    const after = await resolve();
    if ([...after].every(([path, target]) => before.get(path) === target)) {
      // What failed while files were swapped says nothing of the files that are there now.
      if (reading.status === "rejected") throw reading.reason;
      return { texts: reading.value, faults };
    }
    if (attempt === 10) throw new Error(`${paths.join(", ")} keep changing while they are read`);
  }
}

/** What each path gives, but for those with a fault, old or new. */
async function readEach(
  paths: readonly string[],
  read: (path: string) => Promise<string>,
  faults: Map<string, UnreadableFile>,
): Promise<FileTexts> {
  const texts = new Map<string, string>();
  const one = async (path: string) => {
    if (faults.has(path)) return;
    try {
      texts.set(path, await read(path));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      faults.set(path, error);
    }
  };
  await Promise.all(paths.map(one));
  return texts;
}
