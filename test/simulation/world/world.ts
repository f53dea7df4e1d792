/**
 * The world of one seed: true time, the events to come, chance, and what was seen. Nothing in it waits for the machine:
 * time jumps from event to event, and after each one every promise that can go on does so.
 */
import { Coverage } from './coverage.ts';
import { EventHeap } from './event-heap.ts';
import { SeededRandom } from './seeded-random.ts';

/** When every simulation begins; only a number that looks like an epoch time. */
export const START_MS = Date.UTC(2026, 0, 1);

export class World {
  readonly random: SeededRandom;
  readonly coverage = new Coverage();
  /** Broken invariants, each a sentence with its time. */
  readonly violations: string[] = [];
  /** Lines of what happened; undefined where nobody wants them. */
  readonly trace: string[] | undefined;
  readonly #events = new EventHeap();
  #nowMs = START_MS;
  #sequence = 0;
  #hash = 0;
  eventCount = 0;

  constructor(seed: number, options: { readonly trace: boolean }) {
    this.random = new SeededRandom(seed);
    this.trace = options.trace ? [] : undefined;
  }

  /** True time, epoch milliseconds: the store's clock. Nodes read theirs through `SimulatedProcess`. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Two runs of one seed have the same. */
  get hash(): number {
    return this.#hash;
  }

  after(delayMs: number, label: string, action: () => void): void {
    this.#sequence += 1;
    const atMs = this.#nowMs + Math.max(0, Math.ceil(delayMs));
    this.#events.push({ atMs, tieBreak: this.random.next(), sequence: this.#sequence, label, action });
  }

  /** Lets events happen until true time reaches `untilMs` or `done` says so. */
  async run(untilMs: number, done: () => boolean = () => false): Promise<void> {
    while (!done() && this.violations.length === 0) {
      const event = this.#events.next;
      if (event === undefined || event.atMs > untilMs) {
        this.#nowMs = untilMs;
        return;
      }
      this.#events.pop();
      this.#nowMs = event.atMs;
      this.eventCount += 1;
      if (event.label !== '') this.note(event.label);
      event.action();
      // Promises of the engine need no turn of the event loop, so one turn means that all of them have settled.
      await new Promise(setImmediate);
    }
  }

  /** Part of the trace and of the hash. */
  note(line: string): void {
    const text = `${this.#nowMs - START_MS} ${line}`;
    for (let index = 0; index < text.length; index += 1) {
      this.#hash = (Math.imul(this.#hash, 31) + text.charCodeAt(index)) | 0;
    }
    this.trace?.push(text);
  }

  /** An invariant is broken: the seed has failed and ends after this event. */
  violated(sentence: string): void {
    this.note(`VIOLATED ${sentence}`);
    this.violations.push(`after ${this.#nowMs - START_MS} ms: ${sentence}`);
  }
}
