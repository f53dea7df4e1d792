/** Waits for something that happens elsewhere, by looking again and again. */
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 25;
const DEADLINE_MS = 20_000;

/**
 * What `probe` gives as soon as that is neither undefined nor false. Rejects after `deadlineMs` (default 20 s) with what
 * was waited for and, when the last look threw, with its error as the cause.
 */
export async function until<Found>(
  what: string,
  probe: () => Promise<Found | undefined | false> | Found | undefined | false,
  deadlineMs: number = DEADLINE_MS,
): Promise<Found> {
  const giveUpAtMs = Date.now() + deadlineMs;
  let cause: unknown;
  do {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    await delay(LOOK_AGAIN_MS);
  } while (Date.now() < giveUpAtMs);
  throw new Error(`waited ${deadlineMs} ms in vain until ${what}`, { cause });
}
