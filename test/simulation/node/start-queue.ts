/** The places of a pool, given out in the order of asking. */
export class StartQueue {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** False when the wait was aborted first. */
  async take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    return await new Promise((resolve) => {
      const proceed = (): void => resolve(true);
      this.#waiting.push(proceed);
      signal.addEventListener('abort', () => {
        const place = this.#waiting.indexOf(proceed);
        if (place === -1) return; // it has its place by now; who got it looks at the signal again
        this.#waiting.splice(place, 1);
        resolve(false);
      });
    });
  }

  /** Gives one place back, however often it is called. */
  releaseOnce(): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}
