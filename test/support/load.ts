import type { Agent } from "node:https";
import { type Answer, send } from "./https-client.js";

/** What a load saw. */
export interface LoadResult {
  readonly answers: number;
  /** What went wrong, each once: a connection that broke, a status other than 200, an answer that the check refused. */
  readonly failures: readonly string[];
}

/** Requests one after the other on several connections, until it is told to stop. */
export class Load {
  readonly #running: Promise<unknown>;
  readonly #failures = new Set<string>();
  #answers = 0;
  #stopped = false;

  /**
   * @param target where the next request goes
   * @param check what is wrong with an answer, undefined when nothing is
   */
  constructor(
    connections: number,
    target: () => { readonly url: string; readonly agent: Agent; readonly body: string },
    check: (answer: Answer) => string | undefined,
  ) {
    const one = async () => {
      while (!this.#stopped) {
        const { url, agent, body } = target();
        try {
          const options = {
            method: "POST",
            agent,
            family: 4,
            headers: { "content-type": "application/json" },
          };
          const answer = await send(url, options, body);
          this.#answers++;
          const fault = answer.status === 200 ? check(answer) : `status ${answer.status}: ${answer.text}`;
          if (fault !== undefined) this.#failures.add(fault);
        } catch (error) {
          this.#failures.add(String(error));
        }
      }
    };
    this.#running = Promise.all(Array.from({ length: connections }, one));
  }

  get answers(): number {
    return this.#answers;
  }

  /** Resolves when so many more answers came. */
  async further(count: number): Promise<void> {
    const goal = this.#answers + count;
    while (this.#answers < goal) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<LoadResult> {
    this.#stopped = true;
    await this.#running;
    return { answers: this.#answers, failures: [...this.#failures] };
  }
}
