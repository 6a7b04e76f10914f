import { GoYamlError, splitDocuments, yamlToJson } from "../goyaml/index.js";
import {
  ConfigError,
  type ConfigErrorCode,
  type ConfigText,
  compileConfig,
  type Snapshot,
} from "../injection/index.js";
import type { JsonValue } from "../kube/index.js";
import { ReloadError, type ReloadStage } from "./reload-error.js";
import type { SnapshotSettings } from "./snapshot-settings.js";
import type { SourceTexts } from "./source-texts.js";
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
    throw new ReloadError(stageOf[cause.code], cause.message, cause.place, { cause });
  }
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
    throw new ReloadError("objects", cause.message, place, { cause });
  }
}
