/** Work before the clock runs, so that no figure is one of a server that has just begun. */
import type { Load, Running } from '../contender.ts';

/**
 * A compiler that optimizes while it runs takes seconds: 2,000 tasks at 64 connections were over in a tenth of one, and
 * of what was measured after them 5 µs of 60 a task were still the compiler's.
 */
const SECONDS = 3;
const SHARE = 0.5;
const STEP_TASKS = 1_000;

/** A rate that holds: more of the same would only make a slow contender's part of a run many times as long. */
const MEASURED_SECONDS_MAX = 8;

/** For the description of work that is bounded by `boundedLoad`. */
export const BOUNDED = `Who would take longer than ${MEASURED_SECONDS_MAX} s for them is given as many as take ${MEASURED_SECONDS_MAX} s.`;

/** As much of the load as is done in some seconds, half of it at most. */
export async function warmUp(
  running: Running,
  load: Load,
): Promise<{ readonly count: number; readonly perSecond: number }> {
  const countMax = Math.ceil(load.count * SHARE);
  const beganAtMs = performance.now();
  let [count, perSecond] = [0, 0];
  while (count < countMax && performance.now() < beganAtMs + SECONDS * 1_000) {
    const step = Math.min(STEP_TASKS, countMax - count);
    const { seconds } = await running.add({ ...load, count: step });
    count += step;
    perSecond = step / seconds;
  }
  return { count, perSecond };
}

/** The load, or what of it is done in a bearable time at this rate. */
export function boundedLoad(load: Load, perSecond: number): Load {
  return { ...load, count: Math.min(load.count, Math.ceil(perSecond * MEASURED_SECONDS_MAX)) };
}
