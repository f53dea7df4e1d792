/** The least of the last few times. */

const REMEMBERED = 16;

export class QuickestOfLate {
  readonly #last = new Float64Array(REMEMBERED);
  #count = 0;

  add(ms: number): void {
    this.#last[this.#count % REMEMBERED] = ms;
    this.#count += 1;
  }

  /** Undefined before the first. */
  get ms(): number | undefined {
    if (this.#count === 0) return undefined;
    return Math.min(...this.#last.subarray(0, this.#count));
  }
}
