/** How long the work of one round may take before its results go out, in milliseconds. */
const roundMs = 4;

/** A piece of work gives what settles its promise. */
type Piece = () => () => void;

/**
 * Does short pieces of work in rounds: what is asked for while the process reads from its connections is done when it has
 * read them all, one piece after the other, and then all results go out together. Reading, working and writing each use
 * code and data of their own; in turns of many they stay in the processor's caches, request by request they do not.
 *
 * A round ends early when it has taken long: no result waits for more than that and the piece under way. Heavy pieces
 * each have a round of their own, in turns with the rounds of the others: whoever asks for little waits for one of them
 * at most, and they are done in the end however much little work there is.
 *
 * Decided in ADR 0503.
 */
export class Rounds {
  readonly #ticks: () => number;
  readonly #heavy: Piece[] = [];
  #waiting: Piece[] = [];
  #planned = false;
  #heavyNext = false;

  /** @param ticks milliseconds of a clock that never jumps */
  constructor(ticks: () => number) {
    this.#ticks = ticks;
  }

  /** Resolves or rejects with what the work returns or throws, when its round is over. @param heavy it takes long */
  do<T>(work: () => T, heavy = false): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#plan();
      (heavy ? this.#heavy : this.#waiting).push(() => {
        try {
          const result = work();
          return () => resolve(result);
        } catch (error) {
          return () => reject(error);
        }
      });
    });
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => this.#round());
  }

  #round(): void {
    const [heavy] = this.#waiting.length === 0 || this.#heavyNext ? this.#heavy.splice(0, 1) : [];
    const settle = heavy === undefined ? this.#many() : [heavy()];
    this.#heavyNext = heavy === undefined;
    this.#planned = false;
    if (this.#waiting.length + this.#heavy.length > 0) this.#plan();
    for (const one of settle) one();
  }

  #many(): (() => void)[] {
    const end = this.#ticks() + roundMs;
    const pieces = this.#waiting;
    const settle: (() => void)[] = [];
    let done = 0;
    do {
      const piece = pieces[done++];
      if (piece !== undefined) settle.push(piece());
    } while (done < pieces.length && this.#ticks() < end);
    this.#waiting = pieces.slice(done);
    return settle;
  }
}
