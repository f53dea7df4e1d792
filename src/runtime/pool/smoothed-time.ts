/** An exponentially weighted mean: quick to follow, slow to be misled. */

/** The weight of the newest value. */
const WEIGHT = 0.2;

export class SmoothedTime {
  #ms: number;

  /** @param initialMs what to say before the first value; it counts as one */
  constructor(initialMs: number) {
    this.#ms = initialMs;
  }

  add(ms: number): void {
    this.#ms += WEIGHT * (ms - this.#ms);
  }

  get ms(): number {
    return this.#ms;
  }
}
