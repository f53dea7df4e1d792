/** What will happen, soonest first: ordered by time, then by a random number, then by the order of scheduling. */

export interface Event {
  readonly atMs: number;
  /** Orders what falls on the same millisecond, so that each seed tries another order. */
  readonly tieBreak: number;
  readonly sequence: number;
  /** For the trace and the hash; empty keeps it out of both. */
  readonly label: string;
  readonly action: () => void;
}

export class EventHeap {
  readonly #events: Event[] = [];

  get next(): Event | undefined {
    return this.#events[0];
  }

  push(event: Event): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLess(index, parent)) return;
      index = parent;
    }
  }

  pop(): Event | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (last === undefined || events.length === 0) return first;
    events[0] = last;
    this.#sink();
    return first;
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = right < this.#events.length && this.#isLess(right, left) ? right : left;
      if (child >= this.#events.length || !this.#swapIfLess(child, index)) return;
      index = child;
    }
  }

  #swapIfLess(index: number, above: number): boolean {
    if (!this.#isLess(index, above)) return false;
    const [a, b] = [this.#events[index], this.#events[above]];
    if (a === undefined || b === undefined) return false;
    this.#events[index] = b;
    this.#events[above] = a;
    return true;
  }

  #isLess(index: number, other: number): boolean {
    const [a, b] = [this.#events[index], this.#events[other]];
    if (a === undefined || b === undefined) return false;
    if (a.atMs !== b.atMs) return a.atMs < b.atMs;
    if (a.tieBreak !== b.tieBreak) return a.tieBreak < b.tieBreak;
    return a.sequence < b.sequence;
  }
}
