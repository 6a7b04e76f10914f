import { type ReviewIdentity, reviewIdentity } from "./review-identity.js";

/** A review that held an event loop, and is rejected when it comes again. */
export interface QuarantinedReview extends Omit<ReviewIdentity, "apiVersion"> {
  /** When it was caught, and until when it is rejected: milliseconds since 1970. */
  readonly at: number;
  readonly until: number;
}

/**
 * How long a review is rejected, in milliseconds. A ReplicaSet tries again after a quarter of an hour at the latest, so that a
 * pod which hangs each time costs one hang in an hour; and what was caught by mistake comes right by itself.
 */
export const quarantineMs = 3_600_000;

/** Each is some hundred bytes and a series of the metrics page; more hangs than this in an hour there are not. */
export const quarantineLimit = 64;

// Reviews of the same object are of nearly the same size: the names of who asks for it may be longer or shorter.
const sizeSlack = 1024;

/** The reviews that held an event loop: the newest, at most so many, each until its time is over. */
export class Quarantine {
  readonly #now: () => number;
  readonly #listeners: ((reviews: readonly QuarantinedReview[]) => void)[] = [];
  #reviews: readonly QuarantinedReview[] = [];

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls back with all reviews: with those that are there, and after every change. */
  onChange(listener: (reviews: readonly QuarantinedReview[]) => void): void {
    this.#listeners.push(listener);
    if (this.#reviews.length > 0) listener(this.#reviews);
  }

  get reviews(): readonly QuarantinedReview[] {
    return this.#reviews;
  }

  /** Makes them the reviews that another process knows. */
  replace(reviews: readonly QuarantinedReview[]): void {
    this.#keep(reviews);
  }

  /** Takes reviews in. One that is there already stays as it is: a mistake must come to an end. */
  add(...reviews: readonly QuarantinedReview[]): void {
    const known = new Set(this.#reviews.map(({ fingerprint }) => fingerprint));
    const fresh = reviews.filter(({ fingerprint }) => !known.has(fingerprint));
    this.#keep([...this.#reviews, ...fresh].slice(-quarantineLimit));
  }

  /** Lets those go whose time is over. To be called every now and then. */
  expire(): void {
    if (this.#reviews.length > 0) this.#keep(this.#reviews);
  }

  /** Looks whether a review is among them. For one of another size than theirs that costs next to nothing. */
  find(
    body: Uint8Array,
  ): { readonly review: ReviewIdentity; readonly caught: QuarantinedReview } | undefined {
    if (this.#reviews.length === 0) return undefined;
    const now = this.#now();
    const candidates = this.#reviews.filter(
      ({ bytes, until }) => Math.abs(bytes - body.length) <= sizeSlack && now < until,
    );
    if (candidates.length === 0) return undefined;
    const review = reviewIdentity(body);
    const caught = candidates.find(({ fingerprint }) => fingerprint === review.fingerprint);
    return caught === undefined ? undefined : { review, caught };
  }

  #keep(reviews: readonly QuarantinedReview[]): void {
    const now = this.#now();
    const kept = reviews.filter(({ until }) => now < until);
    const same =
      kept.length === this.#reviews.length && kept.every((each, index) => each === this.#reviews[index]);
    if (same) return;
    this.#reviews = kept;
    for (const listener of this.#listeners) listener(kept);
  }
}
