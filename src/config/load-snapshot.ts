import { GoYamlError, splitDocuments, yamlToJson } from "../goyaml/index.js";
import {
  ClusterReader,
  ConfigError,
  type ConfigErrorCode,
  type ConfigErrorPlace,
  type ConfigText,
  compileConfig,
  nativeByDefault,
  type Snapshot,
  withCluster,
} from "../injection/index.js";
import type { JsonValue } from "../json/index.js";
import { ReloadError, type ReloadStage } from "./reload-error.js";
import type { SnapshotSettings } from "./snapshot-settings.js";
import { type SourceTexts, sameFoundation, sameObjectTexts } from "./source-texts.js";
import { templatePosition } from "./template-position.js";
import { tryTemplates } from "./try-templates.js";

const stageOf: Readonly<Record<ConfigErrorCode, ReloadStage>> = {
  syntax: "parse",
  type: "parse",
  "template-syntax": "templates",
  "template-refused": "templates",
  "mesh-invalid": "mesh",
  "values-invalid": "values",
  "resource-invalid": "objects",
  "setting-invalid": "parse",
};

/** Texts and what was made of them. */
export interface LoadedTexts {
  readonly texts: SourceTexts;
  readonly snapshot: Snapshot;
}

/**
 * Builds a snapshot from its texts and proves it: all of it is parsed, and every template is tried on sample pods.
 *
 * @throws ReloadError with the stage and the place of the first fault
 */
export function loadSnapshot(texts: SourceTexts, settings: SnapshotSettings): Snapshot {
  return new SnapshotLoader(settings).load(texts);
}

/**
 * Builds snapshots from texts that change. Where the texts of the last snapshot differ in objects alone, its templates are
 * not compiled again, and what they have shown is kept (ADR 0504).
 */
export class SnapshotLoader {
  private readonly cluster = new ClusterReader();
  private parsed: Pick<SourceTexts, "objects"> & { readonly trees: readonly JsonValue[] } = {
    objects: [],
    trees: [],
  };

  constructor(private readonly settings: SnapshotSettings) {}

  /**
   * As {@link loadSnapshot}. A change that templates cannot fail by for every pod is not tried: that of one tenant's
   * ProxyConfig, or of one of many Nodes.
   */
  load(texts: SourceTexts, last?: LoadedTexts): Snapshot {
    const snapshot = this.compile(texts, last);
    if (last === undefined || needsTrial(texts, snapshot, last)) this.try(texts, snapshot);
    return snapshot;
  }

  /** Builds a snapshot from texts that were tried elsewhere: a worker's way. @throws ReloadError as {@link loadSnapshot} */
  compile(texts: SourceTexts, last?: LoadedTexts): Snapshot {
    const { clusterObjects = [] } = texts;
    const objects = [...this.parse(texts), ...clusterObjects];
    return asReloadError(texts, () => {
      const isLayer = last !== undefined && sameFoundation(texts, last.texts);
      const snapshot = isLayer ? last.snapshot : compileFoundation(texts, this.settings);
      return withCluster(snapshot, this.cluster.read(objects, last?.snapshot.cluster));
    });
  }

  /** Tries what the operator gave. A tenant's ProxyConfig may spoil the tenant's pods, but not everybody's configuration. */
  private try(texts: SourceTexts, snapshot: Snapshot): void {
    const { proxyConfigs } = this.cluster.read(this.parse(texts), snapshot.cluster);
    tryTemplates(withCluster(snapshot, { ...snapshot.cluster, proxyConfigs }));
  }

  private parse({ objects }: SourceTexts): readonly JsonValue[] {
    if (!sameObjectTexts(this.parsed, { objects }))
      this.parsed = { objects, trees: objects.flatMap(parseObjects) };
    return this.parsed.trees;
  }
}

function needsTrial(texts: SourceTexts, snapshot: Snapshot, last: LoadedTexts): boolean {
  const native = ({ nativeSidecars, cluster }: Snapshot) => nativeByDefault(nativeSidecars, cluster);
  return (
    !sameFoundation(texts, last.texts) ||
    !sameObjectTexts(texts, last.texts) ||
    native(snapshot) !== native(last.snapshot)
  );
}

function compileFoundation(texts: SourceTexts, settings: SnapshotSettings): Snapshot {
  const { injectConfig, values, mesh, templates } = texts;
  const { rootNamespace, ...others } = settings;
  return compileConfig({
    injectConfig,
    values,
    templates: new Map(templates),
    ...others,
    ...(mesh === undefined ? {} : { mesh }),
    ...(rootNamespace === undefined ? {} : { rootNamespace }),
  });
}

function asReloadError<T>(texts: SourceTexts, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    const place = placeOf(cause, texts);
    throw new ReloadError(stageOf[cause.code], withoutPlace(cause.message, place), place, { cause });
  }
}

/** The place of an error in the files: a place in a template becomes one in the file, an object gets its file. */
function placeOf({ code, place }: ConfigError, { injectConfig, objects }: SourceTexts): ConfigErrorPlace {
  const { source, line, column, key } = place;
  if (code === "resource-invalid" && source === undefined && objects.length > 0) {
    return { ...place, source: objects.map((text) => text.source).join(", ") };
  }
  if (!code.startsWith("template-") || source !== injectConfig.source) return place;
  if (key === undefined || line === undefined || column === undefined) return place;
  const position = templatePosition(injectConfig.text, key.slice("templates.".length), { line, column });
  return position === undefined ? { source, key } : { source, key, ...position };
}

/** What a message says of its place a second time is left out. */
function withoutPlace(message: string, { source, line, key }: ConfigErrorPlace): string {
  let text = message;
  for (const prefix of [`${source}: `, `Cannot use ${source}: `]) {
    if (text.startsWith(prefix)) text = text.slice(prefix.length);
  }
  if (line !== undefined) text = text.replace(/^yaml: line \d+(, column \d+)?: /, "");
  if (source !== undefined && text.endsWith(` (${source})`)) text = text.slice(0, -source.length - 3);
  return key !== undefined && text.startsWith(`${key} `) ? text.slice(key.length + 1) : text;
}

function parseObjects({ text, source }: ConfigText): JsonValue[] {
  let firstLine = 1;
  try {
    return splitDocuments(text).map((document) => {
      firstLine = document.line;
      return yamlToJson(document.text, { source });
    });
  } catch (cause) {
    if (!(cause instanceof GoYamlError)) throw cause;
    const { line, column } = cause;
    const place = {
      source,
      ...(line === undefined ? {} : { line: line + firstLine - 1 }),
      ...(column === undefined ? {} : { column }),
    };
    throw new ReloadError("objects", withoutPlace(cause.message, place), place, { cause });
  }
}
