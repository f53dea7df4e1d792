/** How far the demo is: a bar that redraws itself on a terminal, plain lines elsewhere. */

const BAR_WIDTH = 30;
const LINE_EVERY_MS = 2_000;

export class Progress {
  readonly #label: string;
  readonly #total: number;
  #lastLineAtMs = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  show(done: number): void {
    if (process.stdout.isTTY) {
      const filled = Math.round((Math.min(done, this.#total) / this.#total) * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      process.stdout.write(`\r${this.#label.padEnd(10)} ${bar} ${done}/${this.#total}`);
      if (done >= this.#total) process.stdout.write('\n');
      return;
    }
    const nowMs = performance.now();
    if (done < this.#total && nowMs - this.#lastLineAtMs < LINE_EVERY_MS) return;
    this.#lastLineAtMs = nowMs;
    console.log(`${this.#label.padEnd(10)} ${done}/${this.#total}`);
  }
}
