import {
  InjectionError,
  type InjectionResult,
  inject,
  type RenderPath,
  RequestBudget,
  reviewLimits,
  type Snapshot,
} from "../injection/index.js";
import { getOwn, isObject, type JsonObject, jsonStringify } from "../json/index.js";
import { excerpt } from "../text/index.js";
import { AdmissionError } from "./admission-error.js";
import type { OutcomeCode, RequestCode } from "./code.js";
import { type AdmissionRequest, decodeReview, type Review } from "./decode-review.js";
import { pathVariables } from "./path-variables.js";
import { peekAddress } from "./peek-address.js";
import { allowed, errored, patched, type ResponseAddress, type ResponseExtras } from "./response.js";
import { reviewWarnings } from "./warnings.js";
import { writePatch } from "./write-patch.js";

/** What a request is handled with. */
export interface AdmissionContext {
  readonly snapshot: Snapshot;
  /** The percent-decoded path of the URL. */
  readonly path: string;
  /** When the answer must be there, by {@link AdmissionContext.now}. */
  readonly deadline?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Is told of every template that is rendered, in which way. */
  readonly onRender?: (path: RenderPath) => void;
  /** Microseconds since the request arrived. */
  readonly elapsed: () => number;
}

/** What became of a request: the answer, and what log and metrics tell of it. */
export interface AdmissionOutcome {
  /** The response's body: JSON. */
  readonly body: string;
  readonly result: "injected" | "skipped" | "failed";
  readonly reason: OutcomeCode;
  /** Why it failed, as the answer says it. */
  readonly failure?: string;
  readonly uid: string;
  readonly namespace: string;
  /** The pod's name; for one that is yet to be named the prefix and `*****`. */
  readonly pod: string;
  readonly templates: readonly string[];
  readonly warnings: readonly string[];
  /** A key of the path that was ignored for want of a value. */
  readonly ignoredPathKey?: string;
}

/**
 * Answers one AdmissionReview. Never throws: what goes wrong is a response that refuses the pod and says why.
 *
 * @param body the request's body as it arrived
 *
 * Decided in ADR 0200.
 */
export function handleReview(body: Uint8Array, context: AdmissionContext): AdmissionOutcome {
  const { now, deadline } = context;
  const budget = new RequestBudget({ now, deadline, limits: reviewLimits, size: body.length });
  let review: Review | undefined;
  try {
    budget.check();
    review = decodeReview(body);
    budget.check();
    return answer(review, context, budget);
  } catch (error) {
    const address = review === undefined ? peekAddress(body) : addressOf(review);
    return failed(error, { review, address: address ?? { uid: "" } }, context);
  }
}

function answer(review: Review, context: AdmissionContext, budget: RequestBudget): AdmissionOutcome {
  const { request } = review;
  if (request === undefined)
    throw new AdmissionError("request-missing", "the AdmissionReview has no request");
  const foreign = foreignRequest(request);
  if (foreign !== undefined) {
    const extras = { auditAnnotations: audit("skip", foreign, [], context) };
    return {
      ...described(review),
      body: allowed(addressOf(review), extras),
      result: "skipped",
      reason: foreign,
    };
  }
  const { object } = request;
  if (object === undefined) throw new AdmissionError("object-missing", "the request has no object to inject");
  return injected({ review, request, object }, context, budget);
}

/** Why a request is none of ours. One that names neither kind nor operation is taken as a pod's creation. */
function foreignRequest({ kind, operation, subResource }: AdmissionRequest): RequestCode | undefined {
  const named = kind !== undefined && (kind.kind !== "" || kind.group !== "");
  if (named && (kind.kind !== "Pod" || kind.group !== "")) return "not-a-pod";
  if (subResource !== "") return "not-a-pod";
  return operation === "" || operation === "CREATE" ? undefined : "not-create";
}

/** A review of a pod. */
interface PodReview {
  readonly review: Review;
  readonly request: AdmissionRequest;
  readonly object: JsonObject;
}

function injected(
  { review, request, object }: PodReview,
  context: AdmissionContext,
  budget: RequestBudget,
): AdmissionOutcome {
  const { variables, ignoredKey } = pathVariables(context.path);
  const { now, onRender, snapshot } = context;
  const result = inject(
    object,
    { namespace: request.namespace, pathVariables: variables, now, budget, onRender },
    snapshot,
  );
  budget.check();
  const skip = result.decision === "skip";
  const patch = skip ? undefined : patchText(result, review.longNumbers, budget);
  const warnings = reviewWarnings(result.warnings.map((warning) => warning.message));
  const auditAnnotations = audit(result.decision, result.reason, result.templates, context);
  const extras: ResponseExtras = { warnings, auditAnnotations };
  const { uid, namespace, pod } = described(review);
  const outcome: AdmissionOutcome = {
    uid,
    namespace,
    pod,
    body:
      patch === undefined ? allowed(addressOf(review), extras) : patched(addressOf(review), patch, extras),
    result: skip ? "skipped" : "injected",
    reason: result.reason,
    templates: result.templates,
    warnings,
  };
  return ignoredKey === undefined ? outcome : { ...outcome, ignoredPathKey: ignoredKey };
}

function patchText(result: InjectionResult, longNumbers: boolean, budget: RequestBudget): string {
  const { patch } = result;
  budget.check();
  if (!longNumbers) return writePatch(result);
  return jsonStringify(patch.map((operation) => ({ ...operation })));
}

/** A message for people. Some hold texts of the pod, and the answer to a review must not be as long as the review. */
const failureLimit = 8192;

/** What is known of a review that failed. */
interface FailedReview {
  /** Undefined when it could not be decoded. */
  readonly review: Review | undefined;
  readonly address: ResponseAddress;
}

function failed(
  error: unknown,
  { review, address }: FailedReview,
  context: AdmissionContext,
): AdmissionOutcome {
  const known = error instanceof InjectionError || error instanceof AdmissionError;
  const reason = known ? error.code : "internal";
  const message = error instanceof Error ? error.message : "?";
  const failure = excerpt(known ? message : `Pillion itself failed: ${message}`, failureLimit);
  const extras =
    address.apiVersion === undefined ? {} : { auditAnnotations: audit("fail", reason, [], context) };
  return {
    ...described(review),
    uid: address.uid.slice(0, nameLimit),
    body: errored(address, failure, extras),
    result: "failed",
    reason,
    failure,
  };
}

function addressOf({ apiVersion, request }: Review): ResponseAddress {
  return { apiVersion, uid: request?.uid ?? "" };
}

/** Keys are unqualified: the API server puts the webhook's name before them. */
function audit(
  decision: string,
  reason: string,
  templates: readonly string[],
  { snapshot, elapsed }: AdmissionContext,
): Record<string, string> {
  const { revision } = snapshot;
  const microseconds = String(Math.round(elapsed()));
  return templates.length === 0
    ? { decision, reason, revision, microseconds }
    : { decision, reason, templates: excerpt(templates.join(",")), revision, microseconds };
}

// A DNS name has 253 characters at most; a longer one is not let fill the log.
const nameLimit = 253;

function described(
  review: Review | undefined,
): Pick<AdmissionOutcome, "uid" | "namespace" | "pod" | "templates" | "warnings"> {
  const request = review?.request;
  const { name, generateName, namespace } = namesOf(request?.object);
  const shown = name || request?.name || (generateName === "" ? "" : `${generateName}*****`);
  return {
    uid: (request?.uid ?? "").slice(0, nameLimit),
    namespace: (request?.namespace || namespace).slice(0, nameLimit),
    pod: shown.slice(0, nameLimit),
    templates: [],
    warnings: [],
  };
}

function namesOf(object: JsonObject | undefined): { name: string; generateName: string; namespace: string } {
  const metadata = object === undefined ? undefined : getOwn(object, "metadata");
  const read = (key: string) => {
    const value = isObject(metadata) ? getOwn(metadata, key) : undefined;
    return typeof value === "string" ? value : "";
  };
  return { name: read("name"), generateName: read("generateName"), namespace: read("namespace") };
}
