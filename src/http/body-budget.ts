/** Bounds the memory that request bodies hold at once, over all connections. */
import { FcError } from '../core/errors.ts';
import { MIB } from '../core/limits.ts';

/** Eight of the largest code uploads. Beyond it the server would swap or be killed, and with it every other caller. */
const BUFFERED_BYTES_MAX = 1024 * MIB;

export class BodyBudget {
  readonly #bytesMax: number;
  #usedBytes = 0;

  constructor(bytesMax: number = BUFFERED_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Throws `ResourceThrottled` when so many more do not fit; nothing is taken then. */
  take(bytes: number): void {
    if (this.#usedBytes + bytes > this.#bytesMax) {
      throw new FcError('ResourceThrottled', 'the server holds too many request bodies at the moment; try again later');
    }
    this.#usedBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
