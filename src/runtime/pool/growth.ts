/** When waiting callers are better served by another instance than by the ones there are. Pure. */

export interface Demand {
  /** Callers that wait. */
  readonly waiting: number;
  /** Instances on their way up; each will serve one of them. */
  readonly starting: number;
  /** For each execution under way, how long it has run. */
  readonly elapsedMs: readonly number[];
  /** Executions that the busy and starting instances can do at once. */
  readonly slots: number;
  /** How long the quickest of the last executions took; undefined before the first has ended. */
  readonly quickestRunMs: number | undefined;
  /** How long the first in line has waited while there were instances to serve it. */
  readonly headWaitMs: number;
  /** How long there has been somebody in line without a break, while there were instances. */
  readonly lineMs: number;
  /** Executions that this machine can really do at once. */
  readonly cores: number;
  /** How long starts took of late. */
  readonly smoothedStartMs: number;
}

/** How many of the last executions the smoothed time stands for. */
const REMEMBERED = 5;
/** So long an execution may seem to run because nobody had time to look at its end. */
const NOISE_MS = 25;

/**
 * True when nothing serves the callers yet, when the line has not been empty for a while and a core is, or when the
 * wait for a slot would be longer than a cold start. So a function that turns out to be slow is seen as slow while it
 * runs, not after; many short executions are left to as many instances as there are cores.
 */
export function wantsInstance(demand: Demand): boolean {
  const unserved = demand.waiting - demand.starting;
  if (unserved <= 0) return false;
  if (demand.slots === 0) return true;
  if (demand.slots < demand.cores && demand.lineMs >= demand.smoothedStartMs) return true;
  return isSlow(demand) && (unserved * expectedRunMs(demand)) / demand.slots > demand.smoothedStartMs;
}

/**
 * Whether there is proof that callers wait, not only an estimate. The first executions of a process take many times as
 * long as the later ones: by the estimate alone a flood of 0.1 ms tasks was given 8 instances on 2 cores.
 */
function isSlow({ headWaitMs, quickestRunMs = 0, smoothedStartMs }: Demand): boolean {
  return quickestRunMs >= smoothedStartMs || headWaitMs >= smoothedStartMs / 2;
}

/**
 * What an execution takes by itself: the quickest of late, because on a busy machine the others show how long they
 * waited for a core, and more processes would make that worse. (Measured with their mean: a flood of no-op tasks was
 * given 29 instances on 2 busy cores.) What has run clearly longer than that counts towards it, and where none has
 * ended, all the time spent counts for one. (The mean of the elapsed times alone was tried first: the last of 20 slow
 * tasks then waited for seconds, because each instance that was added made the others look quick.)
 */
function expectedRunMs({ quickestRunMs, elapsedMs }: Demand): number {
  if (quickestRunMs === undefined) return total(elapsedMs);
  const clearlyMs = elapsedMs.map((ms) => Math.max(0, ms - NOISE_MS));
  const excessMs = clearlyMs.map((ms) => Math.max(0, ms - quickestRunMs));
  const meanElapsedMs = total(clearlyMs) / Math.max(1, clearlyMs.length);
  return Math.max(meanElapsedMs, quickestRunMs + total(excessMs) / REMEMBERED);
}

function total(times: readonly number[]): number {
  return times.reduce((sum, ms) => sum + ms, 0);
}
