import { bodyLimit } from "../bodies/read-body.js";

const beatAt = 0;
const compilingAt = 1;
const inspectedAt = 2;
const stoppedAt = 3;
const reviewAt = 4;
const lengthAt = 5;
const headerBytes = 64;

/** A review that is being handled. */
export interface ReviewInFlight {
  /** Tells it from others. */
  readonly number: number;
  /** Its body as it arrived, in memory of its own. */
  readonly body: Uint8Array;
}

/**
 * What a main thread tells the thread that watches it, in memory that both see: the main thread cannot be asked while it
 * hangs. The body of the review in flight is copied there before it is looked at, which costs a fraction of a microsecond;
 * pages of a body's size are taken from the system when one is that large.
 */
export class SharedPulse {
  /** To be handed to the other thread. */
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #body: Uint8Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(headerBytes + bodyLimit)) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, headerBytes / Int32Array.BYTES_PER_ELEMENT);
    this.#body = new Uint8Array(buffer, headerBytes);
  }

  /** The event loop turns. @param inspected whether a debugger may halt it */
  beat(inspected: boolean): void {
    Atomics.store(this.#header, inspectedAt, inspected ? 1 : 0);
    Atomics.add(this.#header, beatAt, 1);
  }

  /** A number that changes with every beat. */
  get beats(): number {
    return Atomics.load(this.#header, beatAt);
  }

  get inspected(): boolean {
    return Atomics.load(this.#header, inspectedAt) === 1;
  }

  /** Whether a configuration is being compiled. */
  get compiling(): boolean {
    return Atomics.load(this.#header, compilingAt) === 1;
  }

  set compiling(compiling: boolean) {
    Atomics.store(this.#header, compilingAt, compiling ? 1 : 0);
  }

  /** A review is going to be handled. */
  begin(body: Uint8Array): void {
    this.#body.set(body);
    this.#header[lengthAt] = body.length;
    // Odd while a review is in flight. The other thread sees what was written before.
    Atomics.add(this.#header, reviewAt, 1);
  }

  /** It was handled. */
  end(): void {
    Atomics.add(this.#header, reviewAt, 1);
  }

  /** The number of the review in flight; undefined when none is. */
  get reviewNumber(): number | undefined {
    const number = Atomics.load(this.#header, reviewAt);
    return number % 2 === 0 ? undefined : number;
  }

  /** The review in flight; undefined when none is. */
  get review(): ReviewInFlight | undefined {
    const number = this.reviewNumber;
    if (number === undefined) return undefined;
    const body = this.#body.slice(0, this.#header[lengthAt]);
    return this.reviewNumber === number ? { number, body } : undefined;
  }

  /** Tells the other thread to end. */
  stop(): void {
    Atomics.store(this.#header, stoppedAt, 1);
    Atomics.notify(this.#header, stoppedAt);
  }

  /** Blocks this thread for so long, or until the other says stop. Tells whether to go on. */
  wait(milliseconds: number): boolean {
    return Atomics.wait(this.#header, stoppedAt, 0, milliseconds) === "timed-out";
  }
}
