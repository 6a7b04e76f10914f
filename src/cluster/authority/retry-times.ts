/** When to try again what failed: as Istio's patcher, five times after 100 ms each, then at longer intervals (docs/behaviour.md#ca-bundle-patcher). */
export class RetryTimes {
  readonly #laterMs: number;
  #failures = 0;
  #dueAt = Number.NEGATIVE_INFINITY;

  /** @param laterMs the wait from the sixth failure on */
  constructor(laterMs: number) {
    this.#laterMs = laterMs;
  }

  /** By the clock that {@link RetryTimes.failed} is given; in the past when nothing failed. */
  get dueAt(): number {
    return this.#dueAt;
  }

  failed(now: number): void {
    this.#failures++;
    this.#dueAt = now + (this.#failures <= 5 ? 100 : this.#laterMs);
  }

  /** It worked, or something has changed: the next attempt may be at once. */
  reset(): void {
    this.#failures = 0;
    this.#dueAt = Number.NEGATIVE_INFINITY;
  }
}
