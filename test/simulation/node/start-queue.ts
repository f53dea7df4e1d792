/** The places of a pool, given out in the order of asking. */
import type { EndSignal } from '../../../src/runtime/runtime.ts';

export class StartQueue {
  #free: number;
  readonly #waiting: { readonly proceed: () => void; readonly leave: () => void }[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** False when the wait was aborted first. */
  async take(signal: EndSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    return await new Promise((resolve) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(false);
      };
      const leave = (): void => signal.removeEventListener('abort', giveUp);
      const proceed = (): void => {
        leave();
        resolve(true);
      };
      const waiter = { proceed, leave };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', giveUp);
    });
  }

  /** Nobody gets a place any more, nor is told so. */
  close(): void {
    for (const { leave } of this.#waiting.splice(0)) leave();
  }

  /** Gives one place back, however often it is called. */
  releaseOnce(): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next.proceed();
    };
  }
}
