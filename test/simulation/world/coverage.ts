/**
 * What must happen in some seed, or the simulation is blind to it: a counter for each interesting event. A run over
 * the seeds of CI fails when one of them stays at zero.
 */
export const COVERAGE_POINTS = [
  'a stale write was rejected',
  'a task was rescued from a node that was gone',
  'a stop was recorded between claim and start',
  'a stop was recorded while an attempt ran',
  'a stop was recorded for a waiting task',
  'a stop went to another node than the holder',
  'a stopping task was rescued',
  'a task expired while it waited',
  'a claimed task expired before its start',
  'an expiry lost to another write',
  'a write committed and its answer was lost',
  'an accept committed and its answer was lost',
  'a claim committed and its answer was lost',
  'a task was given back',
  'a lease was lost',
  'a node was paused longer than its lease',
  'two executions of one task overlapped after a pause',
  'a node crashed with an attempt under way',
  'a task was rescued between claim and start',
  'a node was drained',
  'a clock stepped',
  'a delivery was tried again',
  'a settlement of an older try was refused',
  'a function destination started a task',
  'a duplicate id was refused',
  'a task was claimed as it was accepted',
  'an attempt was retried after a function error',
  'a task failed after all retries',
  'no capacity was had',
  'a task that was sent ahead was taken back',
  'a task became invalid',
  'an attempt was recorded as running',
  'a node wrote under a claim that it had lost',
  'a node was told of a write',
  'a signal was lost',
  'a task was given back that its node did not know of',
  'a synchronous execution took a place',
  'a synchronous execution was refused at the limit',
  'a place went with the lease of its node',
  'a place was freed after the answer to taking it was lost',
  'a stop reached an attempt on another node',
  'a list was read over several pages while tasks arrived',
  'an execution answered a second time',
  'an execution that was stopped answered a second time',
  'an execution that was given up answered a second time',
  'an execution that timed out answered a second time',
] as const;

export type CoveragePoint = (typeof COVERAGE_POINTS)[number];

export class Coverage {
  readonly #counts = new Map<CoveragePoint, number>();

  hit(point: CoveragePoint): void {
    this.#counts.set(point, (this.#counts.get(point) ?? 0) + 1);
  }

  /** Points that were hit, with how often. */
  counts(): ReadonlyMap<CoveragePoint, number> {
    return this.#counts;
  }
}
