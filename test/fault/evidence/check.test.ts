/** The checker itself: every promise, broken once, is seen. */
import { describe, expect, it } from 'vitest';
import { brokenPromises, type Evidence, ranTwiceAtOnce } from './check.ts';
import type { EventView, LedgerLine, Submission, TaskView } from './ledgers.ts';

const history = (...statuses: readonly string[]): EventView[] =>
  statuses.map((status, index) => ({ status, timestamp: 1_000 + index }));

const submission = (members: Partial<Submission> = {}): Submission => ({
  taskId: 't',
  payload: 'p',
  answer: 'acknowledged',
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

const start = (atMs = 1_002): LedgerLine => ({ kind: 'start', taskId: 't', atMs, pid: 1 });
const by = (pid: number, kind: LedgerLine['kind']): LedgerLine => ({ kind, taskId: 't', atMs: 1_002, pid });
const delivery: LedgerLine = { kind: 'delivery', taskId: 't', atMs: 1_004, pid: 2 };

interface Case {
  readonly submission?: Submission;
  readonly task?: TaskView | null;
  readonly lines?: readonly LedgerLine[];
}

function check(evidence: Case): string[] {
  const found = evidence.task === undefined ? task() : evidence.task;
  const full: Evidence = {
    submissions: [evidence.submission ?? submission()],
    lines: evidence.lines ?? [start(), delivery],
    tasks: new Map(found === null ? [] : [['t', found]]),
    retryCountMax: 2,
  };
  return brokenPromises(full);
}

describe('the checker', () => {
  it('finds nothing in a clean life, nor in a submission that was never acknowledged and is not there', () => {
    expect(check({})).toEqual([]);
    expect(check({ submission: submission({ answer: 'none' }), task: null, lines: [] })).toEqual([]);
  });

  it.each<[string, Case]>([
    ['acknowledged and lost', { task: null }],
    ['ran, and is not there', { submission: submission({ answer: 'none' }), task: null }],
    ['refused, and is there', { submission: submission({ answer: 'refused' }) }],
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
    ['ran 2 times for 1 claims', { lines: [start(), start(), delivery] }],
    ['without having run', { lines: [] }],
    ['never told', { lines: [start()] }],
    ['was once', { submission: submission({ seen: [history('Enqueued', 'Stopping')] }) }],
    ['its stop was acknowledged', { submission: submission({ stoppedAtMs: 1_000 }) }],
    ['started after its stop', { submission: submission({ stoppedAtMs: 1_000 }), lines: [start(9_000)] }],
  ])('sees: %s', (sentence, evidence) => {
    expect(check(evidence).join('\n')).toContain(sentence);
  });

  it('sees a run that lives on after the next has begun', () => {
    const first = [by(1, 'start'), by(1, 'beat')];
    const next = [by(2, 'start'), by(2, 'finish')];
    expect(ranTwiceAtOnce([...first, ...next, delivery])).toBe(false);
    expect(ranTwiceAtOnce([...first, by(1, 'finish'), by(1, 'start'), by(1, 'finish')])).toBe(false);
    expect(ranTwiceAtOnce([...first, ...next, by(1, 'beat')])).toBe(true);
    expect(ranTwiceAtOnce([...first, by(2, 'start'), by(1, 'finish'), by(2, 'finish')])).toBe(true);
  });
});
