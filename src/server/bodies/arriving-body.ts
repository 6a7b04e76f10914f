/**
 * The least rate of a body, in bytes per second. The API server is in the same network: a link of 1 Mbit/s brings eight
 * times as much. A review of 15 KiB in pieces may take a second on top of the grace.
 */
const leastRate = 16 * 1024;

/**
 * So far a body may fall behind that rate, in milliseconds: at its begin, and later by what it was ahead. Four losses of
 * the same packet in a row make a pause of 3 s, a fifth makes 6 s; the API server itself waits 10 s by default.
 */
const graceMs = 5000;

/** Why a body on its way is ended: it comes too slowly, or its memory is needed. */
export type BodyEnd = "late" | "memory";

/** What a body on its way asks of its store. */
export interface BodyKeeper {
  now(): number;
  reserve(body: ArrivingBody, bytes: number): boolean;
  whole(body: ArrivingBody): void;
  leave(body: ArrivingBody): void;
}

/** One body on its way: what it holds, and how far it is ahead of the least rate. */
export class ArrivingBody {
  readonly peer: string;
  readonly #keeper: BodyKeeper;
  readonly #onEnd: (why: BodyEnd) => void;
  readonly #deadline: number;
  #lateAt: number;
  #news = 0;
  #looked = false;
  #stalled = false;
  /** Bytes it holds, what its pieces cost included. */
  held = 0;

  constructor(peer: string, patienceMs: number, onEnd: (why: BodyEnd) => void, keeper: BodyKeeper) {
    this.peer = peer;
    this.#keeper = keeper;
    this.#onEnd = onEnd;
    const now = keeper.now();
    this.#deadline = now + patienceMs;
    this.#lateAt = now + graceMs;
  }

  /** It brought less than the least rate between the last two looks at its pace. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /** A piece came, and is to be held. False when there is no room for it: then it has to be ended. */
  reserve(bytes: number): boolean {
    this.#news += bytes;
    this.#lateAt = Math.min(this.#keeper.now() + graceMs, this.#lateAt + (bytes * 1000) / leastRate);
    return this.#keeper.reserve(this, bytes);
  }

  /** It is there whole: from now on it is not ended for others, and its rate does not matter. */
  whole(): void {
    this.#keeper.whole(this);
  }

  /** Gives back what it holds. May be called more than once. */
  leave(): void {
    this.#keeper.leave(this);
  }

  /** Gives back what it holds and tells the reader. */
  end(why: BodyEnd): void {
    this.leave();
    this.#onEnd(why);
  }

  /** Looks at its pace: true when it is to be ended. @param sinceMs since the last look */
  isLate(now: number, sinceMs: number): boolean {
    this.#stalled = this.#looked && this.#news * 1000 < leastRate * sinceMs;
    this.#looked = true;
    this.#news = 0;
    return now > Math.min(this.#deadline, this.#lateAt);
  }
}
