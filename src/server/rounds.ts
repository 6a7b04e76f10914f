/** How long the work of one round may take before its results go out, in milliseconds. */
const roundMs = 4;

/**
 * Does short pieces of work in rounds: what is asked for while the process reads from its connections is done when it has
 * read them all, one piece after the other, and then all results go out together. Reading, working and writing each use
 * code and data of their own; in turns of many they stay in the processor's caches, request by request they do not.
 *
 * A round ends early when it has taken long: no result waits for more than that and the piece under way.
 *
 * Decided in ADR 0503.
 */
export class Rounds {
  readonly #ticks: () => number;
  #waiting: (() => () => void)[] = [];

  /** @param ticks milliseconds of a clock that never jumps */
  constructor(ticks: () => number) {
    this.#ticks = ticks;
  }

  /** Resolves or rejects with what the work returns or throws, when its round is over. */
  do<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#round());
      this.#waiting.push(() => {
        try {
          const result = work();
          return () => resolve(result);
        } catch (error) {
          return () => reject(error);
        }
      });
    });
  }

  #round(): void {
    const end = this.#ticks() + roundMs;
    const pieces = this.#waiting;
    const settle: (() => void)[] = [];
    let done = 0;
    do {
      const piece = pieces[done++];
      if (piece !== undefined) settle.push(piece());
    } while (done < pieces.length && this.#ticks() < end);
    this.#waiting = pieces.slice(done);
    if (this.#waiting.length > 0) setImmediate(() => this.#round());
    for (const one of settle) one();
  }
}
