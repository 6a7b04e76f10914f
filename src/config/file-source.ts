import type { ConfigText } from "../injection/index.js";
import { embeddedDefaults } from "./embedded-defaults.js";
import { type FileTexts, readTogether } from "./read-together.js";
import { ReloadError } from "./reload-error.js";
import type { SourceTexts } from "./source-texts.js";
import { type FileWatch, type WatchFilesOptions, watchFiles } from "./watch-files.js";

/** Which files a configuration is made of. What is absent is the built-in text. */
export interface ConfigFiles {
  readonly injectConfig?: string;
  readonly values?: string;
  readonly mesh?: string;
  /** YAML documents that stand in for the cluster. */
  readonly objects: readonly string[];
}

/** What is told of changes. */
export interface FileSourceEvents {
  readonly onChange: (texts: SourceTexts) => void;
  readonly onError: (error: ReloadError) => void;
}

/** Texts from files, and later changes of them. */
export interface FileSource {
  /** What was read first. */
  readonly texts: SourceTexts;
  /** Starts to tell of changes. */
  watch(events: FileSourceEvents, timing?: Pick<WatchFilesOptions, "debounceMs" | "rereadMs">): FileWatch;
}

/** A configuration that can be watched: files, or the same kept elsewhere. */
export interface ConfigSource extends FileSource {
  /** What it watches and how that goes, for `/ready?verbose`. */
  states?(): readonly { readonly resource: string; readonly state: string }[];
  /** Lets go of what it holds, also when it was never watched. */
  close?(): void;
}

/** Reads the files of a configuration. @throws ReloadError `read` when one cannot be read */
export async function openFileSource(files: ConfigFiles): Promise<FileSource> {
  const { injectConfig, values, mesh, objects } = files;
  const paths = [injectConfig, values, mesh, ...objects].filter((path) => path !== undefined);
  const first = await readTogether(paths).catch((error: unknown) => {
    throw readError(error);
  });
  return {
    texts: toTexts(files, first),
    watch: ({ onChange, onError }, timing = {}) =>
      watchFiles(paths, first, {
        ...timing,
        onChange: (texts) => onChange(toTexts(files, texts)),
        onError: (error) => onError(readError(error)),
      }),
  };
}

function readError(cause: unknown): ReloadError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ReloadError("read", `cannot read the configuration: ${message}`, {}, { cause });
}

function toTexts({ injectConfig, values, mesh, objects }: ConfigFiles, read: FileTexts): SourceTexts {
  const text = (path: string): ConfigText => ({ text: read.get(path) ?? "", source: path });
  return {
    injectConfig: injectConfig === undefined ? embeddedDefaults.injectConfig : text(injectConfig),
    values: values === undefined ? embeddedDefaults.values : text(values),
    mesh: mesh === undefined ? embeddedDefaults.mesh : text(mesh),
    // A given inject config brings its own templates, as Istio's does.
    templates: injectConfig === undefined ? [...embeddedDefaults.templates] : [],
    objects: objects.map(text),
  };
}
