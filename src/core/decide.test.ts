import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type TaskEvent, type Transition } from './decide.ts';
import { HOPS_MAX, LOST_COUNT_MAX, RESULT_BYTES_KEPT } from './limits.ts';
import { errorTypeOf } from './outcome.ts';
import { executionOf, newTask, OUTCOMES, taskIn } from './task.fixture.ts';
import { guardMatches, isFinal, isHeld, type Task, TASK_STATUSES, type TaskStatus } from './task.ts';
import { TRANSITIONS } from './transitions.ts';

const at = (nowMs: number, random = 0.5) => ({ nowMs, random });

const events = fc.oneof(
  fc.constant<TaskEvent>({ kind: 'claim', owner: 'node-1' }),
  fc.constant<TaskEvent>({ kind: 'give-back' }),
  fc.constant<TaskEvent>({ kind: 'lose' }),
  fc.constant<TaskEvent>({ kind: 'expire' }),
  fc.constant<TaskEvent>({ kind: 'stop' }),
  fc.constant<TaskEvent>({ kind: 'invalidate', error: 'FunctionNotFound', message: 'gone' }),
  fc.nat(200_000).map((startedAtMs): TaskEvent => ({ kind: 'start', instanceId: 'c-1', startedAtMs })),
  fc.constantFrom(...OUTCOMES).map((outcome): TaskEvent => ({ kind: 'end', execution: executionOf(outcome) })),
);

/** A life: events with the time that passes before each. */
const lives = fc.record({
  retryCountMax: fc.integer({ min: 0, max: 8 }),
  delayMs: fc.nat(5_000),
  ageSeconds: fc.integer({ min: 1, max: 120 }),
  steps: fc.array(fc.record({ event: events, afterMs: fc.nat(30_000), random: fc.double({ min: 0, max: 0.999 }) }), {
    maxLength: 60,
  }),
});

type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

function live(life: Life, observe: (before: Task, transition: Transition, event: TaskEvent) => void): Task {
  const config = {
    functionName: 'resize',
    qualifier: 'LATEST',
    asyncTask: true,
    maxAsyncRetryAttempts: life.retryCountMax,
    maxAsyncEventAgeInSeconds: life.ageSeconds,
    onSuccess: 'acs:fc:::functions/next',
    onFailure: 'acs:fc:::functions/alarm',
    createdAtMs: 0,
    modifiedAtMs: 0,
  };
  let task = newTask({ config, delayMs: life.delayMs });
  let nowMs = task.acceptedAtMs;
  for (const { event, afterMs, random } of life.steps) {
    nowMs += afterMs;
    const decision = decide(task, event, { nowMs, random });
    if (decision.kind !== 'go') continue;
    observe(task, decision.transition, event);
    task = decision.transition.task;
  }
  return task;
}

const anyLife = (check: (life: Life) => void): void => {
  fc.assert(fc.property(lives, check), { numRuns: 500 });
};

describe('over any life', () => {
  it('answers every state and event, and leads only where the table allows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TASK_STATUSES), events, fc.nat(200_000), (status, event, nowMs) => {
        const decision = decide(taskIn(status), event, at(nowMs));
        const rule = TRANSITIONS[status][event.kind];
        if (rule === 'ignore' || rule === 'refuse') expect(decision.kind).toBe(rule);
        else if (decision.kind === 'go') expect(rule).toContain(decision.transition.task.status);
        else expect(decision.kind).toBe('ignore');
      }),
    );
  });

  it('never changes what is final', () => {
    anyLife((life) => {
      live(life, (before) => {
        expect(isFinal(before.status)).toBe(false);
      });
    });
  });

  it('bounds the attempts by one, the retries, and what was lost or interrupted', () => {
    anyLife((life) => {
      let interrupted = 0;
      const end = live(life, (before, { task }, event) => {
        const byUs = event.kind === 'end' && errorTypeOf(event.execution.outcome) === undefined;
        if (task.status === 'Retrying' && before.attempt <= task.attempt && (byUs || event.kind === 'give-back')) {
          interrupted += 1;
        }
      });
      expect(end.retryCount).toBeLessThanOrEqual(life.retryCountMax);
      expect(end.lostCount).toBeLessThanOrEqual(LOST_COUNT_MAX + 1);
      expect(end.attempt).toBeLessThanOrEqual(1 + end.retryCount + end.lostCount + interrupted);
    });
  });

  it('keeps fence, attempt and history growing, and time in the history from running backward', () => {
    anyLife((life) => {
      const end = live(life, (before, { task, guard }) => {
        expect(guardMatches(before, guard)).toBe(true);
        expect(task.fence).toBeGreaterThanOrEqual(before.fence);
        expect(task.attempt).toBeGreaterThanOrEqual(before.attempt);
        expect(task.history.slice(0, before.history.length)).toEqual(before.history);
        expect(task.history.at(-1)?.status).toBe(task.status);
      });
      const times = end.history.map((entry) => entry.atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });
  });

  it('gives an owner to exactly what is held, and an end to exactly what is final', () => {
    anyLife((life) => {
      live(life, (_, { task }) => {
        expect(task.owner !== null).toBe(isHeld(task.status));
        expect(task.endedAtMs !== null).toBe(isFinal(task.status));
      });
    });
  });

  it('orders one delivery for an end and none before it', () => {
    anyLife((life) => {
      live(life, (_, { task, delivery }) => {
        const slot = task.status === 'Succeeded' ? 'onSuccess' : 'onFailure';
        expect(delivery?.slot).toBe(isFinal(task.status) ? slot : undefined);
      });
    });
  });

  it('starts no attempt at or after the age limit', () => {
    anyLife((life) => {
      live(life, (before, _, event) => {
        if (event.kind === 'start') expect(event.startedAtMs).toBeLessThan(before.expiresAtMs);
      });
    });
  });

  it('ends as Stopped after a stop, whatever comes of the execution', () => {
    anyLife((life) => {
      let stopped = false;
      live(life, (_, { task }, event) => {
        stopped ||= event.kind === 'stop';
        if (stopped) expect(['Stopping', 'Stopped']).toContain(task.status);
      });
    });
  });
});

function go(task: Task, event: TaskEvent, nowMs = 1_600): Transition {
  const decision = decide(task, event, at(nowMs));
  if (decision.kind !== 'go') throw new Error(`${task.status} + ${event.kind} was ${decision.kind}`);
  return decision.transition;
}

const statuses = (task: Task): TaskStatus[] => task.history.map((entry) => entry.status);

describe('one step', () => {
  const claimed = () => go(newTask(), { kind: 'claim', owner: 'node-1' }).task;

  it.each(OUTCOMES.filter((outcome) => outcome.kind === 'returned'))('records a success with its result', (outcome) => {
    const { task, result } = go(claimed(), { kind: 'end', execution: executionOf(outcome) });
    expect(statuses(task)).toEqual(['Enqueued', 'Dequeued', 'Running', 'Succeeded']);
    expect(task).toMatchObject({ attempt: 1, durationMs: 20, instanceId: 'c-1', error: '' });
    expect(new TextDecoder().decode(result?.bytes)).toBe('done');
    expect(result?.logTail).toBe('a line\n');
  });

  it.each(OUTCOMES.filter((outcome) => errorTypeOf(outcome) !== undefined))(
    'retries $kind after a backoff, and fails it when no retry is left',
    (outcome) => {
      const end: TaskEvent = { kind: 'end', execution: executionOf(outcome) };
      const retrying = go(claimed(), end).task;
      expect(retrying).toMatchObject({ status: 'Retrying', retryCount: 1, dueAtMs: 1_600 + 250, owner: null });
      const failed = go({ ...claimed(), retryCountMax: 0 }, end);
      expect(failed.task).toMatchObject({ status: 'Failed', retryCount: 0, error: errorTypeOf(outcome) });
      expect(failed.result?.bytes.byteLength).toBeGreaterThan(0);
    },
  );

  it('keeps a refusal of capacity out of the retries and gives it a growing backoff', () => {
    const refuse: TaskEvent = { kind: 'end', execution: executionOf({ kind: 'no-instance', reason: 'full' }) };
    const first = go(claimed(), refuse).task;
    expect(first).toMatchObject({ status: 'Retrying', retryCount: 0, refusedCount: 1, attempt: 0, dueAtMs: 1_850 });
    const again = go(go(first, { kind: 'claim', owner: 'node-1' }, 2_000).task, refuse, 2_000).task;
    expect(again).toMatchObject({ refusedCount: 2, dueAtMs: 2_500 });
  });

  it('fails a task whose running attempts were lost too often, and counts none that never ran', () => {
    let task = newTask();
    for (let lost = 0; lost <= LOST_COUNT_MAX; lost += 1) {
      expect(task.status).not.toBe('Failed');
      task = go(task, { kind: 'claim', owner: 'node-1' }, task.dueAtMs).task;
      task = go(task, { kind: 'lose' }, task.dueAtMs).task; // never ran: not counted
      task = go(task, { kind: 'claim', owner: 'node-1' }, task.dueAtMs).task;
      task = go(task, { kind: 'start', instanceId: 'c-1', startedAtMs: task.dueAtMs }, task.dueAtMs).task;
      task = go(task, { kind: 'lose' }, task.dueAtMs).task;
    }
    expect(task).toMatchObject({ status: 'Failed', error: 'InstanceLost', retryCount: 0 });
  });

  it('stops a waiting task at once, by way of Stopping, and a held one when its process is gone', () => {
    expect(statuses(go(newTask(), { kind: 'stop' }).task)).toEqual(['Enqueued', 'Stopping', 'Stopped']);
    const stopping = go(claimed(), { kind: 'stop' }).task;
    expect(stopping).toMatchObject({ status: 'Stopping', owner: 'node-1' });
    expect(go(stopping, { kind: 'end', execution: executionOf({ kind: 'stopped' }) }).task.status).toBe('Stopped');
  });

  it('stops a task whose function is gone, once a stop is recorded: its holder has no other word left for it', () => {
    const stopping = go(claimed(), { kind: 'stop' }).task;
    const gone = go(stopping, { kind: 'invalidate', error: 'FunctionNotFound', message: 'gone' }).task;
    expect(gone).toMatchObject({ status: 'Stopped', error: '', owner: null });
  });

  it('keeps a history short in which claims come to nothing, and all of it that tells of attempts', () => {
    const refuse: TaskEvent = { kind: 'end', execution: executionOf({ kind: 'no-instance', reason: 'full' }) };
    const start: TaskEvent = { kind: 'start', instanceId: 'c-1', startedAtMs: 0 };
    let task = newTask();
    for (let count = 0; count < 500; count += 1) {
      task = go(task, { kind: 'claim', owner: 'node-1' }, task.dueAtMs).task;
      if (count % 100 === 99) task = go(go(task, start, task.dueAtMs).task, { kind: 'give-back' }, task.dueAtMs).task;
      else task = go(task, refuse, task.dueAtMs).task;
    }
    expect(task.history.length).toBeLessThan(130);
    expect(statuses(task).filter((status) => status === 'Running')).toHaveLength(5);
    expect(statuses(task).slice(-4)).toEqual(['Retrying', 'Dequeued', 'Running', 'Retrying']);
    expect(task.history.at(-4)?.message).toBe('full');
  });

  it('refuses a claim before the task is due and from its age limit on', () => {
    const task = newTask({ delayMs: 500 });
    expect(decide(task, { kind: 'claim', owner: 'n' }, at(1_499)).kind).toBe('ignore');
    expect(decide(task, { kind: 'claim', owner: 'n' }, at(1_500)).kind).toBe('go');
    expect(decide(task, { kind: 'claim', owner: 'n' }, at(task.expiresAtMs)).kind).toBe('ignore');
  });

  it('cuts a long result and remembers its length', () => {
    const result = new Uint8Array(RESULT_BYTES_KEPT + 5);
    const kept = go(claimed(), { kind: 'end', execution: executionOf({ kind: 'returned', result }) }).result;
    expect(kept?.bytes.byteLength).toBe(RESULT_BYTES_KEPT);
    expect(kept?.totalBytes).toBe(RESULT_BYTES_KEPT + 5);
  });

  it('cuts a chain of deliveries after its last hop and says that the delivery failed', () => {
    const onSuccess = 'acs:fc:::functions/again';
    const end: TaskEvent = { kind: 'end', execution: executionOf({ kind: 'returned', result: new Uint8Array() }) };
    const last = go({ ...claimed(), onSuccess, hops: HOPS_MAX - 1 }, end);
    expect(last.delivery).toEqual({ slot: 'onSuccess', destination: onSuccess });
    const cut = go({ ...claimed(), onSuccess, hops: HOPS_MAX }, end);
    expect(cut.delivery).toBeNull();
    expect(cut.task.destinationStatus).toBe('Failed');
  });
});
