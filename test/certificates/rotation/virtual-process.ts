import type { VirtualTime } from "./virtual-time.js";

type Run = () => void | Promise<void>;

/** A process on a machine of its own: it starts, stops for a while, is killed, and has clocks that may be wrong. */
export class VirtualProcess {
  readonly #time: VirtualTime;
  readonly #random: () => number;
  #alive = false;
  #paused = false;
  #wallOffset: number;
  #slept = 0;
  /** Counts starts: what belongs to an earlier process reaches nobody. */
  #life = 0;
  #deferred: Run[] = [];
  #changes = 0;

  /** @param wallOffset how far the wall clock is off, milliseconds */
  constructor(time: VirtualTime, random: () => number, wallOffset: number) {
    this.#time = time;
    this.#random = random;
    this.#wallOffset = wallOffset;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get running(): boolean {
    return this.#alive && !this.#paused;
  }

  get wall(): number {
    return this.#time.now + this.#wallOffset;
  }

  get monotonic(): number {
    return this.#time.now - this.#slept;
  }

  /** Grows whenever something happens to the process, or in it. Time alone is nothing. */
  get changes(): number {
    return this.#changes;
  }

  start(): void {
    this.#renew(true);
  }

  kill(): void {
    this.#renew(false);
  }

  /** The wall clock jumps. */
  moveWall(by: number): void {
    this.#changes++;
    this.#wallOffset += by;
  }

  /** Stops the process, or the whole machine: then the monotonic clock stands still, too. */
  pause(duration: number, machine: boolean): void {
    if (!this.running) return;
    const life = this.#life;
    this.#paused = true;
    this.#time.after(duration, () => {
      if (life !== this.#life) return;
      if (machine) this.#slept += duration;
      this.#paused = false;
      this.#changes++;
      const deferred = this.#deferred;
      this.#deferred = [];
      // Whoever wakes up meets what has waited for him in no particular order.
      for (const run of deferred) this.after(this.#random() * 10, run);
    });
  }

  /** Runs something after a while: later when the process stands still then, and never when it is another by then. */
  after(delay: number, run: Run): void {
    this.#time.after(delay, this.bind(run));
  }

  /** What calls back into this process, and into no later one. */
  bind(run: Run): Run {
    const life = this.#life;
    return () => {
      if (life !== this.#life) return undefined;
      if (this.#paused) {
        this.#deferred.push(run);
        return undefined;
      }
      this.#changes++;
      return run();
    };
  }

  #renew(alive: boolean): void {
    this.#life++;
    this.#changes++;
    this.#alive = alive;
    this.#paused = false;
    this.#deferred = [];
  }
}
