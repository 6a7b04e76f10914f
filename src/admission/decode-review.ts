import { jsonParse } from "../goyaml/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { excerpt } from "../text/index.js";
import { AdmissionError } from "./admission-error.js";
import { isPlainJson, type JsonScan, scanJson } from "./scan-json.js";

/** The versions of AdmissionReview that are understood. The answer has the version of the question. */
export type ReviewVersion = "admission.k8s.io/v1" | "admission.k8s.io/v1beta1";

/** What a request says, as far as an answer depends on it. */
export interface AdmissionRequest {
  readonly uid: string;
  /** The kind of the object; undefined when the request names none. */
  readonly kind: { readonly group: string; readonly kind: string } | undefined;
  /** Such as `CREATE`; empty when the request names none. */
  readonly operation: string;
  readonly subResource: string;
  readonly namespace: string;
  readonly name: string;
  /** The object to admit; undefined when there is none, or it is null, or it is no JSON object. */
  readonly object: JsonObject | undefined;
}

/** A decoded review. */
export interface Review {
  readonly apiVersion: ReviewVersion;
  /** Absent when the review has none: it is answered all the same. */
  readonly request?: AdmissionRequest;
  /** Whether numbers may be bigint, since some have more digits than a double holds. */
  readonly longNumbers: boolean;
}

/**
 * How deep a body may be nested. A pod's own fields end at about 15 levels, and `managedFields` repeats them at twice
 * the depth; everything that walks the tree recurses, and 200 levels are no danger to any stack.
 */
export const depthLimit = 200;

/**
 * How many values a body may hold. Each takes V8 up to a microsecond to parse, and injection some tenths of one wherever a list or
 * a map is looked through. A pod with 3,000 variables, and the managed fields that repeat them, has 20,000; one with more than
 * 50,000 would have to be made of lists that nobody writes.
 *
 * Decided in ADR 0211.
 */
export const valueLimit = 50_000;
/** The shortest value, such as `1`, and the comma behind it. */
const shortestValue = 2;

/**
 * Decodes the body of a request. A field of the wrong type is an error, as for Go's decoder; unknown fields are not.
 *
 * @throws AdmissionError `review-invalid`, `review-too-deep`, `review-too-large` or `review-unsupported`. No message holds a part of the
 *   body longer than a kind's name: a body may be a Secret.
 */
export function decodeReview(body: Uint8Array): Review {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const short = body.length <= valueLimit * shortestValue;
  const { depth, values, longNumber } = short && isPlainJson(body, text, depthLimit) ? plain : scanJson(body);
  if (depth > depthLimit) {
    throw new AdmissionError(
      "review-too-deep",
      `the review is nested ${depth} levels deep; the limit is ${depthLimit}`,
    );
  }
  if (values > valueLimit) {
    throw new AdmissionError(
      "review-too-large",
      `the review holds ${values} values; the limit is ${valueLimit}: make the lists and maps of the pod shorter`,
    );
  }
  const tree = parse(text, longNumber);
  if (!isObject(tree)) throw new AdmissionError("review-invalid", "the body is JSON but not an object");
  const apiVersion = readVersion(tree);
  const request = getOwn(tree, "request");
  if (request === undefined || request === null) return { apiVersion, longNumbers: longNumber };
  if (!isObject(request)) throw wrongType("request", "an object");
  return { apiVersion, request: readRequest(request), longNumbers: longNumber };
}

const plain: JsonScan = { depth: 0, values: 0, longNumber: false };

// V8's parser is several times faster; the exact one is needed only where a number would be rounded.
function parse(text: string, longNumber: boolean): JsonValue {
  try {
    return longNumber ? jsonParse(text) : JSON.parse(text);
  } catch {
    // The cause is left out: V8 quotes the text around the fault.
    throw new AdmissionError("review-invalid", "the body is not valid JSON");
  }
}

function readVersion(tree: JsonObject): ReviewVersion {
  const apiVersion = readText(tree, "apiVersion", "apiVersion");
  const kind = readText(tree, "kind", "kind");
  if (kind === "") throw new AdmissionError("review-invalid", "Object 'Kind' is missing in the body");
  if (apiVersion === "")
    throw new AdmissionError("review-invalid", "Object 'apiVersion' is missing in the body");
  const known = apiVersion === "admission.k8s.io/v1" || apiVersion === "admission.k8s.io/v1beta1";
  if (known && kind === "AdmissionReview") return apiVersion;
  const name = `${shorten(apiVersion)}, Kind=${shorten(kind)}`;
  if (apiVersion === "v1") throw new AdmissionError("review-unsupported", `unsupported type : ${name}`);
  throw new AdmissionError("review-invalid", `no kind is registered for ${name}; want an AdmissionReview`);
}

function shorten(text: string): string {
  return JSON.stringify(excerpt(text, 63)).slice(1, -1);
}

function readRequest(tree: JsonObject): AdmissionRequest {
  const kind = getOwn(tree, "kind") ?? null;
  if (kind !== null && !isObject(kind)) throw wrongType("request.kind", "an object");
  const object = getOwn(tree, "object");
  return {
    uid: readText(tree, "uid", "request.uid"),
    operation: readText(tree, "operation", "request.operation"),
    subResource: readText(tree, "subResource", "request.subResource"),
    namespace: readText(tree, "namespace", "request.namespace"),
    name: readText(tree, "name", "request.name"),
    kind: kind === null ? undefined : readKind(kind),
    object: isObject(object) ? object : undefined,
  };
}

function readKind(tree: JsonObject): AdmissionRequest["kind"] {
  return {
    group: readText(tree, "group", "request.kind.group"),
    kind: readText(tree, "kind", "request.kind.kind"),
  };
}

function readText(tree: JsonObject, key: string, path: string): string {
  const value = getOwn(tree, key) ?? "";
  if (typeof value !== "string") throw wrongType(path, "a string");
  return value;
}

function wrongType(path: string, wanted: string): AdmissionError {
  return new AdmissionError("review-invalid", `${path} must be ${wanted}`);
}
