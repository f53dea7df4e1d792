/** Lines of a byte stream that may never end one. */
import { StringDecoder } from 'node:string_decoder';
import { KIB } from '../../core/limits.ts';

/** A longer line is given in pieces; Function Compute's records end at the same size. */
export const LINE_LENGTH_MAX = 128 * KIB;

export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** Lines that the chunk completes, without their line ends. */
  push(chunk: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    while (this.#rest.length > LINE_LENGTH_MAX) {
      lines.push(this.#rest.slice(0, LINE_LENGTH_MAX));
      this.#rest = this.#rest.slice(LINE_LENGTH_MAX);
    }
    return lines;
  }

  /** What came after the last line end; undefined when nothing did. */
  flush(): string | undefined {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? undefined : rest;
  }
}
