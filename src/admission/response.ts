import type { ReviewVersion } from "./decode-review.js";

/** What every answer says beside its verdict. */
export interface ResponseExtras {
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** Whom an answer is for. Without a version it is for a body that could not be decoded: nothing can be echoed. */
export interface ResponseAddress {
  readonly apiVersion?: ReviewVersion;
  readonly uid: string;
}

/** The answer that lets the object pass as it is. */
export function allowed(to: ResponseAddress, extras: ResponseExtras = {}): string {
  return review(to, `"allowed":true${written(extras)}`);
}

/** The answer that changes the object. @param patch a JSON Patch, as JSON text; an empty one is sent too, as Istio does */
export function patched(to: ResponseAddress, patch: string, extras: ResponseExtras = {}): string {
  return review(to, `"allowed":true,"patch":"${toBase64(patch)}","patchType":"JSONPatch"${written(extras)}`);
}

/** The answer that refuses the object, with the reason for people. */
export function errored(to: ResponseAddress, message: string, extras: ResponseExtras = {}): string {
  const status = JSON.stringify({ metadata: {}, message });
  return review(to, `"allowed":false,"status":${status}${written(extras)}`);
}

// One buffer for all patches: a new one for each would lie outside the heap, where the collector looks late, and a busy
// server would hold tens of megabytes of them.
let scratch = Buffer.allocUnsafe(64 * 1024);

function toBase64(text: string): string {
  // A UTF-16 unit is three bytes of UTF-8 at most.
  const most = text.length * 3;
  if (most > scratch.length) {
    if (most > 1024 * 1024) return Buffer.from(text, "utf8").toString("base64");
    scratch = Buffer.allocUnsafe(most);
  }
  return scratch.toString("base64", 0, scratch.write(text, "utf8"));
}

// The answer is put together as text: JSON.stringify would look at every character of the patch's base64, which costs as
// much as writing the patch did.
function review({ apiVersion, uid }: ResponseAddress, members: string): string {
  const kind = apiVersion === undefined ? "" : `"kind":"AdmissionReview","apiVersion":"${apiVersion}",`;
  return `{${kind}"response":{"uid":${JSON.stringify(uid)},${members}}}`;
}

function written({ warnings = [], auditAnnotations }: ResponseExtras): string {
  const warned = warnings.length === 0 ? "" : `,"warnings":${JSON.stringify(warnings)}`;
  return auditAnnotations === undefined
    ? warned
    : `${warned},"auditAnnotations":${JSON.stringify(auditAnnotations)}`;
}
