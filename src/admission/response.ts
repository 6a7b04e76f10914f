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
  return review(to, { uid: to.uid, allowed: true, ...filled(extras) });
}

/** The answer that changes the object. @param patch a JSON Patch, as JSON text; an empty one is sent too, as Istio does */
export function patched(to: ResponseAddress, patch: string, extras: ResponseExtras = {}): string {
  const encoded = toBase64(patch);
  return review(to, {
    uid: to.uid,
    allowed: true,
    patch: encoded,
    patchType: "JSONPatch",
    ...filled(extras),
  });
}

/** The answer that refuses the object, with the reason for people. */
export function errored(to: ResponseAddress, message: string, extras: ResponseExtras = {}): string {
  return review(to, { uid: to.uid, allowed: false, status: { metadata: {}, message }, ...filled(extras) });
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

function review({ apiVersion }: ResponseAddress, response: object): string {
  return JSON.stringify(
    apiVersion === undefined ? { response } : { kind: "AdmissionReview", apiVersion, response },
  );
}

function filled({ warnings = [], auditAnnotations }: ResponseExtras): object {
  return {
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(auditAnnotations === undefined ? {} : { auditAnnotations }),
  };
}
