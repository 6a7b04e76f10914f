/** How long to wait between attempts. */
export interface BackOffOptions {
  /** Milliseconds before the second attempt. */
  readonly firstMs: number;
  /** Milliseconds that no wait exceeds. */
  readonly limitMs: number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/**
 * Waits that double, each cut by up to half at random: thousands of clients that lost the same API server must not come
 * back in the same moment.
 */
export class BackOff {
  readonly #options: BackOffOptions;
  #attempts = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait now. */
  next(): number {
    const { firstMs, limitMs, random } = this.#options;
    const whole = Math.min(limitMs, firstMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts++;
    return whole * (1 - random() / 2);
  }

  /** It worked: the next wait is the first again. */
  reset(): void {
    this.#attempts = 0;
  }
}
