/** The machine's clock. Its timers do not keep the process alive: the server and its instances do. */
import type { Clock } from './core/clock.ts';

/** setTimeout takes no more than this; a later time is reached in steps by whoever set it. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), TIMER_MS_MAX)).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
