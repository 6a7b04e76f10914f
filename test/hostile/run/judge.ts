import { type AdmissionOutcome, handleReview, outcomeCodes } from "../../../src/admission/index.js";
import type { Snapshot } from "../../../src/injection/index.js";
import { apply } from "../../../src/jsonpatch/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../../src/json/index.js";
import type { World } from "../../equivalence/worlds.js";
import { reviewFixture } from "../../support/admission-review.js";
import type { Fault } from "./attack.js";
import { Budget, measured, usualCost } from "./work.js";

/** How a review is asked for. */
export interface Asked {
  readonly body: Uint8Array;
  /** Of the URL, decoded. */
  readonly path?: string;
  /** Milliseconds after which it is too late, by a clock that goes on by one each time somebody looks. */
  readonly patience?: number;
}

/** What a review was answered with, and what is wrong with that. */
export interface Judgement {
  readonly outcome: AdmissionOutcome | undefined;
  readonly faults: readonly Fault[];
}

// Kubernetes cuts what is longer, so that nothing is gained by more; the answer to a refusal is for people.
const longestWarnings = 4096;
const longestFailure = 8192;

/** How reviews were answered. */
export class Tally {
  readonly results = { injected: 0, skipped: 0, failed: 0 };
  fast = 0;
  rendered = 0;

  add({ result }: AdmissionOutcome): void {
    this.results[result]++;
  }

  /** Throws where none was injected, or none by a recording: then nothing was tried that matters. */
  text(): string {
    const { injected, skipped, failed } = this.results;
    const all = injected + skipped + failed;
    if (all >= 1000 && (injected === 0 || this.fast === 0))
      throw new Error(
        `of ${all} reviews ${injected} were injected, and ${this.fast} templates by recordings`,
      );
    const share = (part: number, of: number) => `${Math.round((100 * part) / Math.max(of, 1))} %`;
    return `${share(injected, all)} injected, ${share(failed, all)} refused; ${share(this.fast, this.rendered)} of templates by recordings`;
  }
}

/** Handles reviews in one configuration with and without recordings, and judges the answers. */
export class Judge {
  readonly #budget: Budget;

  constructor(readonly world: World) {
    const body = Buffer.from(reviewFixture("kubernetes-1.36-replicaset"));
    this.#budget = new Budget(usualCost(() => handle({ body }, world.slow)));
  }

  judge(asked: Asked, tally: Tally): Judgement {
    const { cost, result: fast } = measured(() => handle(asked, this.world.fast, tally));
    tally.add(fast);
    const slow = handle(asked, this.world.slow);
    const faults = [...answerFaults(fast, asked), ...pollution()];
    // By a clock of looks the two ways are not equally late.
    if (asked.patience === undefined && fast.body !== slow.body)
      faults.push({ kind: "difference", message: `fast: ${fast.body}\nslow: ${slow.body}` });
    const text = () => Buffer.from(asked.body).toString();
    const late = this.#budget.isExceeded(cost, text, () => handle(asked, this.world.fast));
    if (late !== undefined) faults.push({ kind: "over budget", message: late });
    return { outcome: fast, faults };
  }
}

/** Handles a review by a clock that stands still, or goes on when somebody looks. */
export function handle(
  { body, path = "/inject", patience }: Asked,
  snapshot: Snapshot,
  tally?: Tally,
): AdmissionOutcome {
  let looks = 0;
  return handleReview(body, {
    snapshot,
    path,
    now: patience === undefined ? () => 1_700_000_000_000 : () => looks++,
    deadline: patience,
    elapsed: () => 0,
    onRender: (how) => {
      if (tally === undefined) return;
      tally.rendered++;
      if (how === "fast") tally.fast++;
    },
  });
}

function answerFaults(outcome: AdmissionOutcome, { body }: Asked): Fault[] {
  const wrong = (message: string): Fault[] => [{ kind: "wrong", message: `${message}: ${outcome.body}` }];
  if (outcome.reason === "internal") return [{ kind: "unforeseen", message: outcome.failure ?? "" }];
  if (!Object.hasOwn(outcomeCodes, outcome.reason)) return wrong("a reason without a sentence");
  const answer: JsonValue = JSON.parse(outcome.body);
  const response = isObject(answer) ? answer.response : undefined;
  if (!isObject(response) || typeof response.uid !== "string") return wrong("no response");
  if (response.allowed !== (outcome.result !== "failed")) return wrong("a verdict that is not the outcome");
  if (outcome.result === "failed" && !isMessage(response.status))
    return wrong("no reason, or one without end");
  const warnings = outcome.warnings.join("").length;
  if (warnings > longestWarnings || outcome.warnings.some((one) => /\p{Cc}/u.test(one)))
    return wrong("warnings that kubectl would not show");
  return outcome.result === "injected" ? patchFaults(response, body) : [];
}

function isMessage(status: JsonValue | undefined): boolean {
  if (!isObject(status) || typeof status.message !== "string") return false;
  return status.message !== "" && status.message.length <= longestFailure;
}

/** The pod with the patch of an answer. */
export function patchedPod(response: JsonObject, body: Uint8Array): JsonValue {
  const review: JsonValue = JSON.parse(Buffer.from(body).toString());
  const request = isObject(review) ? review.request : undefined;
  const object = isObject(request) ? (request.object ?? null) : null;
  const operations = JSON.parse(Buffer.from(String(response.patch), "base64").toString());
  return apply(object, operations);
}

function patchFaults(response: JsonObject, body: Uint8Array): Fault[] {
  const pod = patchedPod(response, body);
  const metadata = isObject(pod) ? pod.metadata : undefined;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  // Whatever the templates are, an injected pod says so.
  if (isObject(annotations) && typeof annotations["sidecar.istio.io/status"] === "string") return [];
  return [{ kind: "wrong", message: "the patched pod does not say that it is injected" }];
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const ownNames = prototypes.map((one) => Reflect.ownKeys(one).length);

/** Whether something has been written to what all objects share. */
function pollution(): Fault[] {
  return prototypes.flatMap((one, at): Fault[] =>
    Reflect.ownKeys(one).length === ownNames[at]
      ? []
      : [
          {
            kind: "wrong",
            message: `a prototype was written to: ${Reflect.ownKeys(one).map(String).join()}`,
          },
        ],
  );
}
