import type { VirtualProcess } from "./virtual-process.js";
import type { VirtualTime } from "./virtual-time.js";

const requestTimeoutMs = 10_000;

/** How messages between one replica and the API server fare. All may change while it runs. */
export class VirtualNetwork {
  readonly #time: VirtualTime;
  readonly #random: () => number;
  readonly #process: VirtualProcess;
  /** Milliseconds that a message takes. */
  delay: () => number = () => this.#calmDelay();
  /** Milliseconds that a write takes to arrive beyond that, or down to half of them. */
  writeDelayMs = 0;
  /** Chance of a message to be lost. */
  loss = 0;
  partitioned = false;

  constructor(time: VirtualTime, random: () => number, process: VirtualProcess) {
    this.#time = time;
    this.#random = random;
    this.#process = process;
  }

  /** Messages take milliseconds, and now and then seconds; none is lost. */
  calm(): void {
    this.delay = () => this.#calmDelay();
    this.writeDelayMs = 0;
    this.loss = 0;
    this.partitioned = false;
  }

  /**
   * Asks the API server. A request that is on its way arrives whatever becomes of its sender, even if he waits no more;
   * its answer may be lost all the same.
   */
  request<Answer>(
    kind: "read" | "write",
    serve: () => Answer | Promise<Answer>,
    receive: (answer: Answer | undefined) => void,
  ): void {
    // The answer belongs to the process that asked, so both ends are bound before the request leaves.
    let answer: Answer | undefined;
    const succeed = this.#process.bind(() => receive(answer));
    const fail = this.#process.bind(() => receive(undefined));
    if (this.#isLost()) {
      this.#time.after(requestTimeoutMs, fail);
      return;
    }
    const extra = kind === "write" ? this.writeDelayMs * (0.5 + this.#random() / 2) : 0;
    const there = this.delay() + extra;
    const patience = requestTimeoutMs - there;
    if (patience <= 0) this.#time.after(requestTimeoutMs, fail);
    this.#time.after(there, async () => {
      answer = await serve();
      if (patience <= 0) return;
      const back = this.#isLost() ? patience : this.delay();
      if (back < patience) this.#time.after(back, succeed);
      else this.#time.after(patience, fail);
    });
  }

  /** Tells the process something by its watch. */
  tell(take: () => void): void {
    if (!this.#process.alive || this.partitioned) return;
    this.#process.after(this.delay(), () => {
      if (!this.partitioned) take();
    });
  }

  #isLost(): boolean {
    return this.partitioned || this.#random() < this.loss;
  }

  #calmDelay(): number {
    return this.#random() < 0.05 ? this.#random() * 5000 : 1 + this.#random() * 50;
  }
}
