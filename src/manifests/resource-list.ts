import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { rewriteDocument } from "./edit/rewrite-document.js";
import { ManifestError } from "./manifest-error.js";
import { type ManifestText, readDocuments } from "./read-documents.js";
import { type PodChange, transformManifest } from "./transform-manifest.js";
import type { CustomKind } from "./workload/workload-kinds.js";

/** What a KRM function says about its input: https://kpt.dev and kustomize show it to the user. */
export interface ResourceListResult {
  readonly message: string;
  readonly severity: "error" | "warning" | "info";
}

/**
 * Changes the pods of a ResourceList, the input and output of a KRM function, and puts results into it. When something
 * fails, the items stay as they are and the results say why. Throws ManifestError when the text is no ResourceList.
 *
 * @param results what the change has to say; asked after all pods are done
 */
export function transformResourceList(
  file: ManifestText,
  change: PodChange,
  results: () => readonly ResourceListResult[],
  customKinds: readonly CustomKind[] = [],
): { readonly text: string; readonly failed: boolean } {
  readList(file);
  const { text, errors } = transformManifest(file, change, customKinds);
  const failures = errors.map(
    ({ message, place }): ResourceListResult => ({
      message: place.object === undefined ? message : `${place.object}: ${message}`,
      severity: "error",
    }),
  );
  const all = [...failures, ...results()];
  return {
    text: all.length === 0 ? text : withResults({ text, source: file.source }, all),
    failed: failures.length > 0,
  };
}

/** The function's own configuration in a ResourceList; undefined when it has none. */
export function functionConfig(file: ManifestText): JsonValue | undefined {
  return getOwn(readList(file), "functionConfig");
}

function readList(file: ManifestText): JsonObject {
  const [document, ...more] = readDocuments(file);
  if (document?.fault !== undefined) throw document.fault;
  const tree = document?.value;
  if (more.length === 0 && isObject(tree) && tree.kind === "ResourceList") return tree;
  throw new ManifestError("kind-invalid", "A KRM function reads one document of kind ResourceList", {
    source: file.source,
  });
}

function withResults(file: ManifestText, results: readonly ResourceListResult[]): string {
  const [document] = readDocuments(file);
  if (document === undefined || !isObject(document.value)) return file.text;
  const old = getOwn(document.value, "results");
  const added = results.map(({ message, severity }) => ({ message, severity }));
  const wanted = { ...document.value, results: [...(Array.isArray(old) ? old : []), ...added] };
  const text = rewriteDocument(file.text, document, wanted, file.source);
  return file.text.slice(0, document.start) + text + file.text.slice(document.end);
}
