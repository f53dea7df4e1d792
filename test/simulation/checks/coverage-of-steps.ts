/** Which interesting things a write shows to have happened. */
import { isWaiting, type Task } from '../../../src/core/task.ts';
import type { Coverage, CoveragePoint } from '../world/coverage.ts';

export function coverStop(coverage: Coverage, before: Task, nodeId: string): void {
  if (isWaiting(before.status)) coverage.hit('a stop was recorded for a waiting task');
  else if (before.owner !== nodeId) coverage.hit('a stop went to another node than the holder');
  if (before.status === 'Dequeued') coverage.hit('a stop was recorded between claim and start');
  if (before.status === 'Running') coverage.hit('a stop was recorded while an attempt ran');
}

export function coverStep(coverage: Coverage, before: Task, after: Task): void {
  for (const point of pointsOf(before, after)) coverage.hit(point);
}

function* pointsOf(before: Task, after: Task): Generator<CoveragePoint> {
  if (before.status === after.status) return;
  if (after.status === 'Running') yield 'an attempt was recorded as running';
  if (after.status === 'Invalid') yield 'a task became invalid';
  if (after.status === 'Expired') {
    yield isWaiting(before.status) ? 'a task expired while it waited' : 'a claimed task expired before its start';
  }
  if (after.status === 'Retrying') {
    if (after.retryCount > before.retryCount) yield 'an attempt was retried after a function error';
    if (after.history.at(-1)?.error === null) yield 'a task was given back';
  }
  if (after.status === 'Failed' && after.retryCount > 0) yield 'a task failed after all retries';
}
