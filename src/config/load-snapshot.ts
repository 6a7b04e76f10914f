import { GoYamlError, splitDocuments, yamlToJson } from "../goyaml/index.js";
import {
  ConfigError,
  type ConfigErrorCode,
  type ConfigErrorPlace,
  type ConfigText,
  compileConfig,
  type Snapshot,
} from "../injection/index.js";
import type { JsonValue } from "../kube/index.js";
import { ReloadError, type ReloadStage } from "./reload-error.js";
import type { SnapshotSettings } from "./snapshot-settings.js";
import type { SourceTexts } from "./source-texts.js";
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

/**
 * Builds a snapshot from its texts and proves it: all of it is parsed, and every template is tried on sample pods.
 *
 * @throws ReloadError with the stage and the place of the first fault
 */
export function loadSnapshot(texts: SourceTexts, settings: SnapshotSettings): Snapshot {
  const snapshot = compileSnapshot(texts, settings);
  tryTemplates(snapshot);
  return snapshot;
}

/**
 * Builds a snapshot from texts that {@link loadSnapshot} has accepted elsewhere: a worker's way, since its primary has
 * tried the templates. @throws ReloadError as there
 */
export function compileSnapshot(texts: SourceTexts, settings: SnapshotSettings): Snapshot {
  const { injectConfig, values, mesh, templates, objects, clusterObjects = [] } = texts;
  const { rootNamespace, ...others } = settings;
  const parsed = [...objects.flatMap(parseObjects), ...clusterObjects];
  try {
    return compileConfig({
      injectConfig,
      values,
      templates: new Map(templates),
      objects: parsed,
      ...others,
      ...(mesh === undefined ? {} : { mesh }),
      ...(rootNamespace === undefined ? {} : { rootNamespace }),
    });
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
