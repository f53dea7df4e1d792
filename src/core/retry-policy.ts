/** When a task that must wait is due again. */

const FIRST_BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 60_000;

/**
 * Backoff before try number `count` + 1: 0.5 s doubling, capped at 60 s, with full jitter. The Function Compute
 * documents state the curve for platform refusals and none for function errors; one curve serves both.
 *
 * @param count tries that came to nothing so far, from 1
 * @param random in [0, 1)
 */
export function backoffMs(count: number, random: number): number {
  const ceilingMs = Math.min(BACKOFF_MAX_MS, FIRST_BACKOFF_MS * 2 ** Math.min(count - 1, 20));
  return Math.ceil(ceilingMs * random);
}
