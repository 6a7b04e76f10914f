import { deepEqual, type JsonObject, type JsonValue } from "../json/index.js";
import { rewriteDocument } from "./edit/rewrite-document.js";
import { ManifestError } from "./manifest-error.js";
import { linesBetween, type ManifestDocument, type ManifestText, readDocuments } from "./read-documents.js";
import { locate } from "./source/locate.js";
import {
  type BrokenTemplate,
  findPodTemplates,
  objectName,
  type PodTemplate,
  unwrapPod,
  withValueAt,
} from "./workload/pod-template.js";
import type { CustomKind } from "./workload/workload-kinds.js";

/** A pod of a manifest and where its workload stands. */
export interface ManifestPod {
  readonly template: PodTemplate;
  /** The workload as messages name it, such as `Deployment "shop/web"`. */
  readonly object: string;
  readonly source: string;
  /** The line the workload begins on, from 1. */
  readonly line: number;
}

export interface TransformedManifest {
  /** The new text. A document that failed is in it as it was. */
  readonly text: string;
  /** Every document before and after, in the order of the text. */
  readonly documents: readonly DocumentChange[];
  /** What went wrong, in the order of the text. Empty when every document was done. */
  readonly errors: readonly ManifestError[];
}

/** What became of the text of one document. */
export interface DocumentChange {
  /** The line the document begins on, from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** Makes another pod of a pod. To leave it alone, it returns the very pod of the template. */
export type PodChange = (pod: ManifestPod) => JsonObject;

/**
 * Changes the pods of a manifest and nothing else: what does not change stays byte for byte, comments, quotes, anchors,
 * document markers and line ends included. A ManifestError that `change` throws fails its document and no other.
 */
export function transformManifest(
  file: ManifestText,
  change: PodChange,
  customKinds: readonly CustomKind[] = [],
): TransformedManifest {
  const errors: ManifestError[] = [];
  const parts: string[] = [];
  const documents: DocumentChange[] = [];
  let at = 0;
  for (const document of readDocuments(file)) {
    const after = transformDocument(file, document, change, customKinds, errors);
    documents.push({ line: document.line, before: file.text.slice(document.start, document.end), after });
    parts.push(file.text.slice(at, document.start), after);
    at = document.end;
  }
  parts.push(file.text.slice(at));
  return { text: parts.join(""), documents, errors };
}

function transformDocument(
  file: ManifestText,
  document: ManifestDocument,
  change: PodChange,
  customKinds: readonly CustomKind[],
  errors: ManifestError[],
): string {
  const before = errors.length;
  const old = file.text.slice(document.start, document.end);
  if (document.fault !== undefined) errors.push(document.fault);
  const { templates, broken } = findPodTemplates(document.value, customKinds);
  errors.push(...broken.map((one) => templateError(one, file, document)));
  let tree: JsonValue = document.value;
  for (const template of templates) {
    const line = lineOf(file, document, template.objectPath);
    attempt(errors, () => {
      const pod = change({ template, object: objectName(template), source: file.source, line });
      if (pod !== template.pod && !deepEqual(pod, template.pod))
        tree = withValueAt(tree, template.path, unwrapPod(template, pod));
    });
  }
  if (errors.length > before) return old;
  let text = old;
  attempt(errors, () => {
    text = rewriteDocument(file.text, document, tree, file.source);
  });
  return text;
}

/** The line of an object in a document. */
function lineOf(
  { text }: ManifestText,
  { line, start, root }: ManifestDocument,
  path: readonly (string | number)[],
): number {
  return line + linesBetween(text, start, locate(root, path));
}

function attempt(errors: ManifestError[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    errors.push(error);
  }
}

function templateError(
  broken: BrokenTemplate,
  file: ManifestText,
  document: ManifestDocument,
): ManifestError {
  const object = objectName(broken);
  const line = lineOf(file, document, broken.objectPath);
  const place = { source: file.source, line, object };
  if (broken.missing) return new ManifestError("template-missing", `${broken.key} is required value`, place);
  return new ManifestError("template-invalid", `${broken.key} must be a mapping`, place);
}
