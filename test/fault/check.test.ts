/** The checker itself: every promise, broken once, is seen. */
import { describe, expect, it } from 'vitest';
import { brokenPromises, type Evidence } from './check.ts';
import type { EventView, ExecutionLine, Submission, TaskView } from './ledgers.ts';

const history = (...statuses: readonly string[]): EventView[] =>
  statuses.map((status, index) => ({ status, timestamp: 1_000 + index }));

const submission = (members: Partial<Submission> = {}): Submission => ({
  taskId: 't',
  payload: 'p',
  acknowledged: true,
  seen: [],
  ...members,
});

const task = (members: Partial<TaskView> = {}): TaskView => ({
  taskId: 't',
  status: 'Succeeded',
  taskPayload: 'p',
  alreadyRetriedTimes: 0,
  events: history('Enqueued', 'Dequeued', 'Running', 'Succeeded'),
  ...members,
});

const start = (atMs = 1_002): ExecutionLine => ({ kind: 'start', taskId: 't', atMs, pid: 1 });

interface Case {
  readonly submission?: Submission;
  readonly task?: TaskView | null;
  readonly executions?: readonly ExecutionLine[];
}

function check(evidence: Case): string[] {
  const found = evidence.task === undefined ? task() : evidence.task;
  const full: Evidence = {
    submissions: [evidence.submission ?? submission()],
    executions: evidence.executions ?? [start()],
    tasks: new Map(found === null ? [] : [['t', found]]),
    retryCountMax: 2,
  };
  return brokenPromises(full);
}

describe('the checker', () => {
  it('finds nothing in a clean life, nor in a submission that was never acknowledged and is not there', () => {
    expect(check({})).toEqual([]);
    expect(check({ submission: submission({ acknowledged: false }), task: null, executions: [] })).toEqual([]);
  });

  it.each<[string, Case]>([
    ['acknowledged and lost', { task: null }],
    ['ran, and is not there', { submission: submission({ acknowledged: false }), task: null }],
    ['the payload', { task: task({ taskPayload: 'q' }) }],
    ['has not ended', { task: task({ status: 'Running', events: history('Enqueued', 'Dequeued', 'Running') }) }],
    ['2 ends', { task: task({ events: history('Enqueued', 'Dequeued', 'Running', 'Failed', 'Succeeded') }) }],
    ['not its state', { task: task({ status: 'Failed' }) }],
    ['a step that there is not', { task: task({ events: history('Enqueued', 'Running', 'Succeeded') }) }],
    [
      'a step that there is not',
      { task: task({ events: history('Enqueued', 'Dequeued', 'Running', 'Succeeded').reverse() }) },
    ],
    ['retried 3 times', { task: task({ alreadyRetriedTimes: 3 }) }],
    ['ran 2 times for 1 claims', { executions: [start(), start()] }],
    ['without having run', { executions: [] }],
    ['was once', { submission: submission({ seen: [history('Enqueued', 'Stopping')] }) }],
    ['its stop was acknowledged', { submission: submission({ stoppedAtMs: 1_000 }) }],
    ['started after its stop', { submission: submission({ stoppedAtMs: 1_000 }), executions: [start(9_000)] }],
  ])('sees: %s', (sentence, evidence) => {
    expect(check(evidence).join('\n')).toContain(sentence);
  });
});
