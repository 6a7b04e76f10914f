import { ArrivingBody, type BodyEnd, type BodyKeeper } from "./arriving-body.js";
import { chooseVictim } from "./choose-victim.js";

/** Up to so many bytes a body is small. Reviews of usual pods have 4 to 15 KiB. */
export const smallBody: number = 64 * 1024;

/**
 * So much of all memory large bodies may hold. What is left is for small ones: with the default of 64 MiB, room for more
 * of them than requests may be worked on at once, however many large ones wait for their turn.
 */
const largeShare = 0.75;

/**
 * What a piece of a body costs beside its bytes: Node makes an ArrayBuffer, its store and a Buffer of each, some 400
 * bytes. Without this a body sent byte by byte would hold hundreds of times what is counted.
 */
const pieceCost = 512;

/** Milliseconds between looks at the pace of bodies. */
const sweepMs = 250;

/** What a store of bodies is made of. */
export interface BodyStoreOptions {
  /** Bytes that all bodies may hold, from their arrival to their answer. */
  readonly bytes: number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
}

/**
 * Counts the memory of bodies as their bytes arrive, and ends bodies on their way that come too slowly or whose memory is
 * needed more elsewhere (ADR 0210).
 *
 * Its time is the time in which this process could read: while the event loop is held up, bodies that have long arrived
 * lie unread, and none of them is late.
 */
export class BodyStore {
  readonly #bytes: number;
  readonly #ticks: () => number;
  readonly #arriving = new Set<ArrivingBody>();
  readonly #keeper: BodyKeeper = {
    now: () => this.#now(),
    reserve: (body, bytes) => this.#reserve(body, bytes + pieceCost),
    whole: (body) => this.#arriving.delete(body),
    leave: (body) => this.#leave(body),
  };
  #held = 0;
  #heldByLarge = 0;
  #sweeps: NodeJS.Timeout | undefined;
  #lastSweep = 0;
  #time = 0;

  constructor({ bytes, ticks }: BodyStoreOptions) {
    this.#bytes = bytes;
    this.#ticks = ticks;
  }

  /**
   * A body begins to arrive. Whoever opens it has it leave.
   *
   * @param peer the address it comes from
   * @param patienceMs how long it may take at most
   * @param onEnd told once when it is ended; its memory counts as given back by then
   */
  open(peer: string, patienceMs: number, onEnd: (why: BodyEnd) => void): ArrivingBody {
    this.#watchPace();
    const body = new ArrivingBody(peer, patienceMs, onEnd, this.#keeper);
    this.#arriving.add(body);
    return body;
  }

  #reserve(body: ArrivingBody, bytes: number): boolean {
    const isLarge = body.held + bytes > smallBody;
    // What it held while it was small counts as large from now on.
    const more = body.held > smallBody ? bytes : body.held + bytes;
    while (isLarge && this.#heldByLarge + more > this.#bytes * largeShare)
      if (!this.#endOneBut(body, (other) => other.held > smallBody)) return false;
    while (this.#held + bytes > this.#bytes) if (!this.#endOneBut(body, () => true)) return false;
    if (isLarge) this.#heldByLarge += more;
    this.#held += bytes;
    body.held += bytes;
    return true;
  }

  /** Makes room. False when the one that gives way is the body itself, which its reader then ends. */
  #endOneBut(body: ArrivingBody, among: (other: ArrivingBody) => boolean): boolean {
    const victim = chooseVictim([...this.#arriving].filter((other) => other === body || among(other)));
    if (victim === undefined || victim === body) return false;
    victim.end("memory");
    return true;
  }

  #leave(body: ArrivingBody): void {
    this.#arriving.delete(body);
    this.#held -= body.held;
    if (body.held > smallBody) this.#heldByLarge -= body.held;
    body.held = 0;
  }

  #watchPace(): void {
    if (this.#sweeps !== undefined) return;
    this.#lastSweep = this.#ticks();
    // What has arrived is read between the timer and the look.
    this.#sweeps = setInterval(() => setImmediate(() => this.#sweep()), sweepMs);
    this.#sweeps.unref();
  }

  #sweep(): void {
    const since = this.#sinceSweep();
    this.#time += since;
    this.#lastSweep = this.#ticks();
    for (const body of this.#arriving) if (body.isLate(this.#time, since)) body.end("late");
    if (this.#arriving.size > 0) return;
    clearInterval(this.#sweeps);
    this.#sweeps = undefined;
  }

  #now(): number {
    return this.#time + this.#sinceSweep();
  }

  #sinceSweep(): number {
    return Math.min(this.#ticks() - this.#lastSweep, 2 * sweepMs);
  }
}
