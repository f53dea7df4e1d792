/** The last 4 KiB of an execution's log, which a caller may ask for. */
import { LOG_TAIL_BYTES } from '../../core/limits.ts';

const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;

export class LogTail {
  #parts: string[] = [];
  #length = 0;

  /** Takes text that ends its own lines. */
  append(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    // In code units, each at least a byte: what is dropped here cannot be among the last 4 KiB.
    while (this.#length - (this.#parts[0]?.length ?? 0) >= LOG_TAIL_BYTES) {
      this.#length -= this.#parts.shift()?.length ?? 0;
    }
  }

  /** At most 4 KiB of UTF-8, cut between characters. */
  text(): string {
    const whole = this.#parts.join('');
    if (Buffer.byteLength(whole) <= LOG_TAIL_BYTES) return whole;
    const bytes = Buffer.from(whole);
    let start = bytes.length - LOG_TAIL_BYTES;
    while (((bytes[start] ?? 0) & CONTINUATION_MASK) === CONTINUATION) start += 1;
    return bytes.toString('utf8', start);
  }
}
