/** Many deadlines under one coarse timer: one timer a request cost 2 µs of the 45 that a whole invocation takes. */

export interface Deadline {
  /** On the clock of `performance.now()`. */
  readonly dueAtMs: number;
  /** Called once it is past, up to a second late. */
  expire(): void;
}

const SWEEP_MS = 1000;

class Deadlines {
  readonly #waiting = new Set<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  add(deadline: Deadline): void {
    this.#waiting.add(deadline);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  delete(deadline: Deadline): void {
    this.#waiting.delete(deadline);
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const deadline of this.#waiting) {
      if (deadline.dueAtMs > nowMs) continue;
      this.#waiting.delete(deadline);
      deadline.expire();
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

export const deadlines = new Deadlines();
