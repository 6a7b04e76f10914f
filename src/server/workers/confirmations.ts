/** Waits for things that workers confirm one by one. */
export class Confirmations {
  #waiting: readonly { settle(): boolean; refuse(generation: number, error: Error): void }[] = [];

  /**
   * Resolves when something holds; {@link Confirmations.settle} looks. Rejects when a generation is refused that it
   * waits for, or when everything is refused.
   */
  until(holds: () => boolean, generation?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        settle: () => {
          if (!holds()) return false;
          resolve();
          return true;
        },
        refuse: (refused: number, error: Error) => {
          if (refused !== everything && refused !== generation) return;
          this.#waiting = this.#waiting.filter((other) => other !== entry);
          reject(error);
        },
      };
      this.#waiting = [...this.#waiting, entry];
      this.settle();
    });
  }

  /** Looks at everything that is waited for: something was confirmed, or a worker went. */
  settle(): void {
    this.#waiting = this.#waiting.filter((entry) => !entry.settle());
  }

  /** Tells that a generation, or {@link everything}, was refused. */
  refuse(generation: number, error: Error): void {
    for (const entry of this.#waiting) entry.refuse(generation, error);
  }
}

/** In place of a generation: no worker can serve at all. Generations count from 1. */
export const everything = 0;
