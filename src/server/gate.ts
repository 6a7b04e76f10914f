/** How much work may be under way at once. */
export interface GateLimits {
  /** Requests between arrival and answer. */
  readonly requests: number;
  /** Bytes of bodies that are held at once. */
  readonly bytes: number;
}

/**
 * Counts work that is under way and turns more of it away than the limits allow, before memory suffers. A refused
 * request costs next to nothing, and the API server tries again or lets its failure policy decide.
 */
export class Gate {
  readonly #limits: GateLimits;
  readonly #onChange: (requests: number) => void;
  #requests = 0;
  #bytes = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(limits: GateLimits, onChange: (requests: number) => void = () => {}) {
    this.#limits = limits;
    this.#onChange = onChange;
  }

  /** Requests under way. */
  get requests(): number {
    return this.#requests;
  }

  /** Lets a request in, undefined when there are too many. What it returns must be left exactly once. */
  enter(): Passage | undefined {
    if (this.#requests >= this.#limits.requests || this.#bytes >= this.#limits.bytes) return undefined;
    this.#change(1);
    return new Passage(
      (bytes) => {
        if (this.#bytes + bytes > this.#limits.bytes) return false;
        this.#bytes += bytes;
        return true;
      },
      (bytes) => {
        this.#bytes -= bytes;
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

/** One request's stay behind the gate. */
export class Passage {
  #held = 0;
  readonly #reserve: (bytes: number) => boolean;
  readonly #leave: (bytes: number) => void;

  constructor(reserve: (bytes: number) => boolean, leave: (bytes: number) => void) {
    this.#reserve = reserve;
    this.#leave = leave;
  }

  /** Asks to hold so many more bytes. */
  reserve(bytes: number): boolean {
    if (!this.#reserve(bytes)) return false;
    this.#held += bytes;
    return true;
  }

  leave(): void {
    this.#leave(this.#held);
    this.#held = 0;
  }
}
