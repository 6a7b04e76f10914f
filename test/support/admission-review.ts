import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch } from "fast-json-patch";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { root } from "./peer.js";

/** The text of a file of test/fixtures/admission-reviews, by its name without the ending. */
export function reviewFixture(name: string): string {
  return readFileSync(join(root, "test", "fixtures", "admission-reviews", `${name}.json`), "utf8");
}

/** A review of a pod's creation. */
export function reviewOf(pod: JsonValue, namespace = "shop", uid = "0df28fbd-5f5f"): string {
  return JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid,
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      operation: "CREATE",
      namespace,
      object: pod,
    },
  });
}

/** A small pod. */
export function smallPod(name = "cart", more: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name }, ...more },
    spec: { containers: [{ name, image: `registry.example/${name}:1` }] },
  };
}

/** What an answer says. */
export interface ReviewAnswer {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly patch?: string;
    readonly patchType?: string;
    readonly status?: { readonly message: string };
    readonly warnings?: readonly string[];
    readonly auditAnnotations?: Readonly<Record<string, string>>;
  };
}

/** Reads an answer, and fails where it is not shaped as an API server demands. */
export function readAnswer(text: string): ReviewAnswer {
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer) || !isObject(answer.response)) throw new Error(`not a review: ${text}`);
  const { response } = answer;
  if (typeof response.uid !== "string" || typeof response.allowed !== "boolean")
    throw new Error(`not a response: ${text}`);
  if ((response.patch === undefined) !== (response.patchType === undefined))
    throw new Error(`a patch without its type: ${text}`);
  return JSON.parse(text) as ReviewAnswer;
}

/** The object with the patch of an answer applied, by another library than the one that made it. */
export function applyAnswer(answer: ReviewAnswer, pod: JsonObject): JsonObject {
  const { patch } = answer.response;
  if (patch === undefined) return pod;
  const operations = JSON.parse(Buffer.from(patch, "base64").toString());
  return applyPatch(structuredClone(pod), operations, true).newDocument;
}

/** The names of a pod's containers, those that start first too. */
export function containerNames(pod: JsonObject): readonly string[] {
  const spec = isObject(pod.spec) ? pod.spec : {};
  return [spec.initContainers, spec.containers].flatMap((list) =>
    Array.isArray(list) ? list.map((item) => (isObject(item) ? String(item.name) : "")) : [],
  );
}
