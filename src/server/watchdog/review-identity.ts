import { createHash } from "node:crypto";
import { findMembers, type JsonMember, jsonMembers } from "./json-members.js";

/** What tells a review from others, and what may be told of it: nothing of its object. */
export interface ReviewIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly kind: string;
  /** The `apiVersion` of the AdmissionReview. */
  readonly apiVersion: string;
  /** Size of the body. */
  readonly bytes: number;
  /** SHA-256 of what is the same when the same object is sent again. */
  readonly fingerprint: string;
}

/** What the API server and controllers write anew for each object of one template. */
const metadataOfOne: ReadonlySet<string> = new Set([
  "name",
  "generateName",
  "uid",
  "creationTimestamp",
  "generation",
  "resourceVersion",
  "managedFields",
  "ownerReferences",
]);
const labelsOfOne: ReadonlySet<string> = new Set([
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
  "controller-uid",
  "job-name",
  "pod-template-hash",
]);
// The volume of a service account's token, which API servers name at random: a prefix and five characters.
const tokenVolume = Buffer.from('"kube-api-access-');
const randomLength = 5;

/**
 * Reads a review's identity from its bytes, without parsing its object: it is read when parsing may have been what hung. The
 * fingerprint leaves out the request's uid and all else that differs when a controller sends the same pod again: who asks,
 * names, times, random names of token volumes. It has the namespace, so that no namespace's review speaks for another's.
 * Takes linear time and never fails; a body that is no review is told by all its bytes. Decided in ADR 0208.
 */
export function reviewIdentity(body: Uint8Array): ReviewIdentity {
  const review = findMembers(body, 0, ofReview);
  const request = findMembers(body, review.get("request")?.from, ofRequest);
  const kind = findMembers(body, request.get("kind")?.from, ofKind);
  const namespace = text(body, request.get("namespace"));
  const hash = createHash("sha256").update(`${namespace}\n`);
  for (const piece of stablePieces(body, request)) updateStable(hash, piece);
  return {
    uid: text(body, request.get("uid")),
    namespace,
    kind: text(body, kind.get("kind")),
    apiVersion: text(body, review.get("apiVersion")),
    bytes: body.length,
    fingerprint: hash.digest("hex"),
  };
}

const ofReview: ReadonlySet<string> = new Set(["apiVersion", "request"]);
const ofRequest: ReadonlySet<string> = new Set(["uid", "kind", "namespace", "object"]);
const ofKind: ReadonlySet<string> = new Set(["kind"]);
const ofObject: ReadonlySet<string> = new Set(["metadata"]);

/** What of a review is the same when its object is sent again. */
function* stablePieces(body: Uint8Array, request: ReadonlyMap<string, JsonMember>): Generator<Uint8Array> {
  const object = request.get("object");
  if (object === undefined) return yield* without(body, 0, body.length, request.get("uid"));
  const metadata = findMembers(body, object.from, ofObject).get("metadata");
  yield* without(body, object.from, object.to, metadata);
  for (const field of jsonMembers(body, metadata?.from)) {
    if (metadataOfOne.has(field.key)) continue;
    if (field.key !== "labels") yield body.subarray(field.at, field.to);
    else
      for (const label of jsonMembers(body, field.from))
        if (!labelsOfOne.has(label.key)) yield body.subarray(label.at, label.to);
  }
}

/** What is left of a range without one member. */
function* without(body: Uint8Array, from: number, to: number, member?: JsonMember): Generator<Uint8Array> {
  if (member === undefined) return yield body.subarray(from, to);
  yield body.subarray(from, member.at);
  yield body.subarray(member.to, to);
}

/** Hashes bytes without the random ends of the token volume's name. */
function updateStable(hash: { update(data: Uint8Array): unknown }, piece: Uint8Array): void {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  let at = 0;
  for (;;) {
    const found = bytes.indexOf(tokenVolume, at);
    if (found === -1) break;
    const end = found + tokenVolume.length;
    hash.update(bytes.subarray(at, end));
    at = bytes[end + randomLength] === 0x22 ? end + randomLength : end;
  }
  hash.update(bytes.subarray(at));
}

// A name has 253 characters at most; with its quotes, and not one of them escaped.
const longestText = 255;

function text(body: Uint8Array, member: JsonMember | undefined): string {
  if (member === undefined || member.to - member.from > longestText) return "";
  try {
    const value: unknown = JSON.parse(Buffer.from(body.subarray(member.from, member.to)).toString());
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}
