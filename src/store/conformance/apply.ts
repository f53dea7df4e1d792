import { describe, expect, it } from 'vitest';
import { decide, type TaskEvent } from '../../core/decide.ts';
import { executionOf, newTask, OUTCOMES, taskIn } from '../../core/task.fixture.ts';
import { TASK_STATUSES } from '../../core/task.ts';
import { bytesOf, claimBy, configWith, type OpenSubject, SUCCEED, transitionOf, withStore } from './workbench.ts';

const EVENTS: readonly TaskEvent[] = [
  claimBy('node-1'),
  { kind: 'start', instanceId: 'c-9', startedAtMs: 10_000 },
  ...OUTCOMES.map((outcome): TaskEvent => ({ kind: 'end', execution: executionOf(outcome) })),
  { kind: 'give-back' },
  { kind: 'lose' },
  { kind: 'expire' },
  { kind: 'invalidate', error: 'FunctionNotFound', message: 'gone' },
  { kind: 'stop' },
];

export function applyConformance(open: OpenSubject): void {
  describe('applying', () => {
    it.each(TASK_STATUSES)('writes every decision on a task that is %s, with its result', (status) =>
      withStore(open, async (bench) => {
        for (const [index, event] of EVENTS.entries()) {
          const before = await bench.keep(taskIn(status, { taskId: `t-${index}` }));
          const decision = decide(before, event, { nowMs: 100_000_000, random: 0.5 });
          if (decision.kind !== 'go') continue;
          expect(await bench.store.apply([decision.transition])).toEqual(['applied']);
          const { task, result } = decision.transition;
          expect(await bench.store.getTask(before)).toEqual({ task, payload: bytesOf(task.taskId), result });
        }
      })(),
    );

    it.each(['status', 'attempt', 'fence'] as const)(
      'loses where the guard is wrong in %s, and changes nothing',
      (member) =>
        withStore(open, async (bench) => {
          const task = await bench.move(
            await bench.accept('t', { config: configWith({ onSuccess: 'x' }) }),
            claimBy('node-1'),
          );
          const transition = transitionOf(task, SUCCEED, bench.nowMs);
          const stale = member === 'status' ? { status: 'Running' as const } : { [member]: task[member] + 1 };
          const answer = await bench.store.apply([{ ...transition, guard: { ...transition.guard, ...stale } }]);
          expect(answer).toEqual(['lost']);
          expect(await bench.store.getTask(task)).toEqual({ task, payload: bytesOf('t'), result: null });
          expect(await bench.store.claimDeliveries({ nowMs: 1e9, leaseMs: 1, limit: 9 })).toEqual([]);
        })(),
    );

    it('lets one of two writers win, and answers each transition of a batch', () =>
      withStore(open, async (bench) => {
        const task = await bench.move(await bench.accept('t'), claimBy('node-1'));
        const stop = transitionOf(task, { kind: 'stop' }, bench.nowMs);
        const end = transitionOf(task, SUCCEED, bench.nowMs);
        const missing = transitionOf(taskIn('Running', { taskId: 'missing' }), SUCCEED, bench.nowMs);
        expect(await bench.store.apply([missing, stop, end])).toEqual(['lost', 'applied', 'lost']);
        expect(await bench.store.findTask(task)).toEqual(stop.task);
      })());

    it('changes no record that is final', () =>
      withStore(open, async (bench) => {
        const ended = await bench.end('t');
        const guard = { status: ended.status, attempt: ended.attempt, fence: ended.fence };
        const task = { ...taskIn('Failed'), taskId: 't' };
        expect(await bench.store.apply([{ guard, task, result: null, delivery: null }])).toEqual(['lost']);
        expect(await bench.store.findTask(ended)).toEqual(ended);
      })());

    it('applies transitions of one task in their order within a batch', () =>
      withStore(open, async (bench) => {
        const claimed = transitionOf(await bench.accept('t'), claimBy('node-1'), bench.nowMs);
        const ended = transitionOf(claimed.task, SUCCEED, bench.nowMs);
        expect(await bench.store.apply([claimed, ended])).toEqual(['applied', 'applied']);
        expect(await bench.store.findTask(ended.task)).toEqual(ended.task);
      })());

    it('orders the delivery in the same commit as the end', () =>
      withStore(open, async (bench) => {
        const task = await bench.end('t', { config: configWith({ onSuccess: 'acs:fc:::functions/next' }) });
        const [delivery] = await bench.store.claimDeliveries({ nowMs: bench.nowMs, leaseMs: 1_000, limit: 5 });
        expect(delivery).toMatchObject({
          slot: 'onSuccess',
          destination: 'acs:fc:::functions/next',
          tryCount: 1,
          task,
        });
        expect(delivery?.payload).toEqual(bytesOf('t'));
        expect(delivery?.result).toMatchObject({ bytes: bytesOf('done'), totalBytes: 4, logTail: 'a line\n' });
      })());

    it('keeps an empty result apart from none', () =>
      withStore(open, async (bench) => {
        const nothing: TaskEvent = {
          kind: 'end',
          execution: executionOf({ kind: 'returned', result: new Uint8Array() }),
        };
        const task = await bench.move(await bench.accept('t'), claimBy('node-1'), nothing);
        expect((await bench.store.getTask(task))?.result).toMatchObject({ bytes: new Uint8Array(), totalBytes: 0 });
        const stopped = await bench.move(await bench.accept('s'), { kind: 'stop' });
        expect((await bench.store.getTask(stopped))?.result).toBeNull();
      })());

    it('keeps the neighbours of a call that cannot be written', () =>
      withStore(open, async (bench) => {
        const good = Array.from({ length: 20 }, (_, index) => newTask({ taskId: `good-${index}` }));
        const calls = good.map((task) => bench.store.accept([{ task, payload: new Uint8Array() }]));
        expect(await Promise.all(calls)).toEqual(good.map(() => ['accepted']));
        expect(await bench.list()).toHaveLength(20);
      })());
  });
}
