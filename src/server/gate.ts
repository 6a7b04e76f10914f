/** How much is taken on at once, in each process unless it says otherwise. */
export interface GateLimits {
  /** Requests that are worked on: from the last byte of the body to the answer. */
  readonly requests: number;
  /** Bytes that bodies hold, from their arrival to the answer; shared among the workers. */
  readonly bytes: number;
  /** Open connections, beside one for each request; shared among the workers. */
  readonly connections: number;
}

// One body of the largest size is a large one, and has to fit in their share.
const leastBytes = 12 * 1024 * 1024;

/** The part of each of several processes in what is there for all; the number of requests is each one's own. */
export function limitsOfOne({ requests, bytes, connections }: GateLimits, workers: number): GateLimits {
  return {
    requests,
    bytes: Math.max(leastBytes, Math.floor(bytes / workers)),
    connections: Math.ceil(connections / workers),
  };
}

/**
 * Counts requests, and turns away more work than the limit allows. A request is work only when its body is there: one
 * that never sends it takes nobody's place. A refused request costs next to nothing, and the API server tries again.
 */
export class Gate {
  readonly #limit: number;
  readonly #onChange: (requests: number) => void;
  #requests = 0;
  #working = 0;
  #whenEmpty: (() => void)[] = [];

  /** @param onChange told how many requests are under way, those that are still arriving included */
  constructor(limit: number, onChange: (requests: number) => void = () => {}) {
    this.#limit = limit;
    this.#onChange = onChange;
  }

  /** Requests under way, those that are still arriving included. */
  get requests(): number {
    return this.#requests;
  }

  /** A request arrives. The passage must be left exactly once. */
  enter(): Passage {
    this.#change(1);
    return new Passage(
      () => {
        if (this.#working >= this.#limit) return false;
        this.#working++;
        return true;
      },
      (worked) => {
        if (worked) this.#working--;
        this.#change(-1);
      },
    );
  }

  /** Resolves when no request is under way. */
  empty(): Promise<void> {
    if (this.#requests === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #change(by: number): void {
    this.#requests += by;
    this.#onChange(this.#requests);
    if (this.#requests > 0) return;
    const waiting = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const resolve of waiting) resolve();
  }
}

/** One request's stay. */
export class Passage {
  #working = false;
  readonly #begin: () => boolean;
  readonly #leave: (worked: boolean) => void;

  constructor(begin: () => boolean, leave: (worked: boolean) => void) {
    this.#begin = begin;
    this.#leave = leave;
  }

  /** Its body is there, and it is to be worked on. False when there is too much to do. */
  work(): boolean {
    this.#working = this.#begin();
    return this.#working;
  }

  leave(): void {
    this.#leave(this.#working);
  }
}
