/**
 * How much of an instance's log is passed on: a burst, then a rate. A function that prints a gigabyte must cost the
 * server neither memory nor the time to carry it; what is over the budget is dropped and counted.
 */
import { MIB } from '../../core/limits.ts';

export const LOG_BURST_BYTES = 2 * MIB;
export const LOG_BYTES_PER_SECOND = MIB;

export class LogBudget {
  readonly #monotonic: () => number;
  #availableBytes = LOG_BURST_BYTES;
  #filledAtMs: number;
  #droppedBytes = 0;

  /** @param monotonic milliseconds that never run back */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#filledAtMs = monotonic();
  }

  /** Whether so many bytes may pass; counts them as dropped when not. */
  take(bytes: number): boolean {
    this.#fill();
    if (bytes > this.#availableBytes) {
      this.#droppedBytes += bytes;
      return false;
    }
    this.#availableBytes -= bytes;
    return true;
  }

  /** Bytes dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#droppedBytes;
    this.#droppedBytes = 0;
    return dropped;
  }

  #fill(): void {
    const nowMs = this.#monotonic();
    const filled = this.#availableBytes + ((nowMs - this.#filledAtMs) / 1000) * LOG_BYTES_PER_SECOND;
    this.#availableBytes = Math.min(LOG_BURST_BYTES, filled);
    this.#filledAtMs = nowMs;
  }
}
