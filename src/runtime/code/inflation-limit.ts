/** How much a package may unpack to. Counts what really comes out, not what the package says. */
import { MIB } from '../../core/limits.ts';

const UNPACKED_BYTES_MAX = 500 * MIB;
const RATIO_MAX = 100;
/** Small packages may be as compressible as they like: a page of blanks is no bomb. */
const RATIO_FREE_BYTES = MIB;

export class InflationLimit {
  readonly #limitBytes: number;
  readonly #zipBytes: number;
  #bytes = 0;

  constructor(zipBytes: number) {
    this.#zipBytes = zipBytes;
    this.#limitBytes = Math.min(UNPACKED_BYTES_MAX, Math.max(RATIO_FREE_BYTES, zipBytes * RATIO_MAX));
  }

  /** What is wrong once so many more bytes came out; undefined when nothing is. */
  add(bytes: number): string | undefined {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limitBytes) return undefined;
    return this.#limitBytes === UNPACKED_BYTES_MAX
      ? `makes the package unpack to more than ${UNPACKED_BYTES_MAX / MIB} MiB`
      : `makes the package unpack to more than ${RATIO_MAX} times its size of ${this.#zipBytes} bytes`;
  }
}
