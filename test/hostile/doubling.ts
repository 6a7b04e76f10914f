import { type AdmissionOutcome, handleReview } from "../../src/admission/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, type Snapshot } from "../../src/injection/index.js";
import { bodyLimit } from "../../src/server/index.js";
import { reviewOf } from "../support/admission-review.js";
import { type Extent, type Growth, growthOf } from "../support/growth.js";
import { bodies } from "./bodies.js";
import { crowds } from "./crowds.js";
import { draftPod, type PodDraft } from "./pod-draft.js";
import { places } from "./places.js";
import { texts } from "./texts.js";

/** A review that can be of any size. */
export interface DoublingCase {
  readonly name: string;
  readonly body: (size: number) => Uint8Array;
}

function podCase(name: string, write: (draft: PodDraft, size: number) => void): DoublingCase {
  return { name, body: (size) => Buffer.from(reviewOf(draftPod((draft) => write(draft, size)))) };
}

/** Each crowd and each body. */
export const singleCases: readonly DoublingCase[] = [
  ...crowds.map(({ name, write }) => podCase(name, write)),
  ...bodies.map(({ name, make }) => ({ name, body: make })),
];

/**
 * Each text in each place, in rounds: each round has every place once, with another text than the rounds before, and as
 * many rounds as there are texts have all.
 */
export const placeRounds: readonly (readonly DoublingCase[])[] = texts.map((_, round) =>
  places.map(({ name, write }, index) => {
    const text = texts[(round + index * 7) % texts.length] ?? { name: "", make: () => "" };
    return podCase(`${name}: ${text.name}`, (draft, size) => write(draft, text.make(size)));
  }),
);

/** The built-in configuration, with the CNI plugin or without, which decides where annotations end up. */
export function hostileSnapshots(): readonly Snapshot[] {
  const { injectConfig, templates, values, mesh } = embeddedDefaults;
  const base = { injectConfig, templates, values, mesh, nativeSidecars: "false" } as const;
  const cni = { ...values, text: `${values.text}\npilot: {cni: {enabled: true}}\n` };
  return [compileConfig(base), compileConfig({ ...base, values: cni })];
}

/** Answers a review without a deadline, which would hide how long it takes. */
export function answer(body: Uint8Array, snapshot: Snapshot): AdmissionOutcome {
  return handleReview(body, { snapshot, path: "/inject", now: () => Date.now(), elapsed: () => 0 });
}

/** What is known of a case: how its CPU time grows, and an outcome that nobody foresaw. */
export interface CaseResult extends Growth {
  readonly unforeseen?: string;
}

/** Doubles a case up to a size. Bodies that the server does not take are made as large as it does. */
export function doubled({ body }: DoublingCase, snapshot: Snapshot, extent: Extent): CaseResult {
  let unforeseen: string | undefined;
  const growth = growthOf((size) => {
    const bytes = body(size);
    const taken =
      bytes.length > bodyLimit ? body(Math.floor(size * (bodyLimit / bytes.length) * 0.99)) : bytes;
    return () => {
      const { reason, failure } = answer(taken, snapshot);
      if (reason === "internal") unforeseen ??= `at ${taken.length} bytes: ${failure}`;
    };
  }, extent);
  return unforeseen === undefined ? growth : { ...growth, unforeseen };
}
