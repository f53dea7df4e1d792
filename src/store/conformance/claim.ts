import { describe, expect, it } from 'vitest';
import { decide } from '../../core/decide.ts';
import { newTask, taskIn } from '../../core/task.fixture.ts';
import { isHeld, TASK_STATUSES } from '../../core/task.ts';
import { bytesOf, FUNCTION, type OpenSubject, SUCCEED, transitionOf, withStore } from './workbench.ts';

export function claimConformance(open: OpenSubject): void {
  const claimer = { owner: 'node-2', nowMs: 10_000 };

  describe('claiming', () => {
    it.each(TASK_STATUSES)('does with a task that is %s what the core decides', (status) =>
      withStore(open, async (bench) => {
        const task = await bench.keep(taskIn(status, { refusedCount: 2, retryCount: 1, error: 'x' }));
        const decision = decide(task, { kind: 'claim', owner: 'node-2' }, { nowMs: 10_000, random: 0 });
        const expected = decision.kind === 'go' ? [{ task: decision.transition.task, payload: bytesOf('task-1') }] : [];
        expect(await bench.store.claim([{ ...FUNCTION, limit: 5, concurrencyMax: null }], claimer)).toEqual(expected);
        expect(await bench.store.findTask(task)).toEqual(expected[0]?.task ?? task);
      })(),
    );

    it('takes the earliest due first, up to the limit of each request', () =>
      withStore(open, async (bench) => {
        await bench.accept('late', { nowMs: 3_000 });
        await bench.accept('early', { nowMs: 1_000, qualifier: 'prod' });
        await bench.accept('same-time', { nowMs: 1_000 });
        await bench.accept('elsewhere', { functionName: 'other' });
        const claimed = await bench.store.claim(
          [
            { ...FUNCTION, limit: 2, concurrencyMax: null },
            { ...FUNCTION, functionName: 'unknown', limit: 2, concurrencyMax: null },
            { ...FUNCTION, functionName: 'other', limit: 2, concurrencyMax: null },
          ],
          claimer,
        );
        expect(claimed.map(({ task }) => task.taskId)).toEqual(['early', 'same-time', 'elsewhere']);
      })());

    it('takes a task whatever is in the messages of its history, and never lets that run backward', () =>
      withStore(open, async (bench) => {
        const messages = [
          '\u0000',
          '\ud800',
          '"',
          '\\',
          '\\"]]',
          '[1,99]]',
          '[1,99,"a","b"]]',
          '[1,99,null,null]]',
          '\n"]]',
        ];
        for (const [index, message] of messages.entries()) {
          const history = [{ status: 'Retrying', atMs: 20_000 + index, error: message, message }] as const;
          await bench.keep(taskIn('Retrying', { taskId: `t-${index}`, history }));
        }
        const claimed = await bench.store.claim([{ ...FUNCTION, limit: 9, concurrencyMax: null }], claimer);
        expect(claimed.map(({ task }) => task.history.map(({ atMs }) => atMs))).toEqual(
          messages.map((_, index) => [20_000 + index, 20_000 + index]),
        );
        expect(claimed.map(({ task }) => task.history[0]?.message)).toEqual(messages);
      })());

    it('takes as many as there are under a bound beyond 32 bits', () =>
      withStore(open, async (bench) => {
        await bench.accept('a');
        const request = { ...FUNCTION, limit: 5, concurrencyMax: Number.MAX_SAFE_INTEGER };
        expect(await bench.store.claim([request], claimer)).toHaveLength(1);
      })());

    it('takes a task from the moment it is due until the moment it expires', () =>
      withStore(open, async (bench) => {
        const task = await bench.accept('delayed', { nowMs: 1_000, delayMs: 500 });
        const claimAt = async (nowMs: number) =>
          (await bench.store.claim([{ ...FUNCTION, limit: 1, concurrencyMax: null }], { owner: 'n', nowMs })).length;
        expect(await claimAt(1_499)).toBe(0);
        expect(await claimAt(task.expiresAtMs)).toBe(0);
        expect(await claimAt(task.expiresAtMs - 1)).toBe(1);
        expect(await claimAt(1_500)).toBe(0);
      })());

    it('never gives one task to two claimers', () =>
      withStore(open, async (bench) => {
        const ids = Array.from({ length: 60 }, (_, index) => `t-${index}`);
        await bench.store.accept(ids.map((taskId) => ({ task: newTask({ taskId }), payload: new Uint8Array() })));
        const claims = Array.from({ length: 12 }, (_, node) =>
          bench.store.claim([{ ...FUNCTION, limit: 7, concurrencyMax: null }], {
            owner: `node-${node}`,
            nowMs: 10_000,
          }),
        );
        const taken = (await Promise.all(claims)).flat().map(({ task }) => task.taskId);
        expect(taken.toSorted()).toEqual(ids.toSorted());
      })());

    it('gives a returned task again, with a higher fence', () =>
      withStore(open, async (bench) => {
        await bench.accept('t');
        const [first] = await bench.store.claim([{ ...FUNCTION, limit: 1, concurrencyMax: null }], claimer);
        if (first === undefined) throw new Error('nothing was claimed');
        await bench.store.apply([transitionOf(first.task, { kind: 'give-back' }, 10_000)]);
        const [second] = await bench.store.claim([{ ...FUNCTION, limit: 1, concurrencyMax: null }], claimer);
        expect(second?.task).toMatchObject({ status: 'Dequeued', fence: first.task.fence + 1 });
      })());

    it.each(TASK_STATUSES)('counts a task that is %s against the function’s bound only when it is held', (status) =>
      withStore(open, async (bench) => {
        await bench.keep(taskIn(status, { taskId: 'first', dueAtMs: 20_000 }));
        await bench.keep(taskIn(status, { taskId: 'of-another', functionName: 'other' }));
        for (const taskId of ['a', 'b', 'c']) await bench.accept(taskId);
        const claimed = await bench.store.claim([{ ...FUNCTION, limit: 9, concurrencyMax: 2 }], claimer);
        expect(claimed).toHaveLength(isHeld(status) ? 1 : 2);
        expect(await bench.store.claim([{ ...FUNCTION, limit: 9, concurrencyMax: 2 }], claimer)).toEqual([]);
        expect(await bench.store.claim([{ ...FUNCTION, limit: 9, concurrencyMax: 0 }], claimer)).toEqual([]);
      })(),
    );

    it('has room again for what was returned or has ended', () =>
      withStore(open, async (bench) => {
        for (const taskId of ['a', 'b', 'c']) await bench.accept(taskId);
        const bounded = [{ ...FUNCTION, limit: 9, concurrencyMax: 2 }];
        const [first, second] = await bench.store.claim(bounded, claimer);
        if (first === undefined || second === undefined) throw new Error('two were to be claimed');
        await bench.move(first.task, SUCCEED);
        expect((await bench.store.claim(bounded, claimer)).map(({ task }) => task.taskId)).toEqual(['c']);
        await bench.move(second.task, { kind: 'give-back' });
        expect((await bench.store.claim(bounded, claimer)).map(({ task }) => task.taskId)).toEqual(['b']);
      })());

    it('never goes past the bound of a function, however many claim at once', () =>
      withStore(open, async (bench) => {
        for (let index = 0; index < 20; index += 1) await bench.accept(`t-${index}`);
        const claims = Array.from({ length: 12 }, (_, node) =>
          bench.store.claim([{ ...FUNCTION, limit: 3, concurrencyMax: 5 }], { owner: `node-${node}`, nowMs: 10_000 }),
        );
        expect((await Promise.all(claims)).flat()).toHaveLength(5);
      })());

    it('names the functions that have waiting tasks, with the time of the next', () =>
      withStore(open, async (bench) => {
        await bench.accept('a', { nowMs: 5_000 });
        await bench.accept('b', { nowMs: 4_000, delayMs: 10 });
        await bench.accept('c', { functionName: 'busy' });
        await bench.store.claim([{ ...FUNCTION, functionName: 'busy', limit: 1, concurrencyMax: null }], claimer);
        expect(await bench.store.waitingFunctions()).toEqual([{ ...FUNCTION, nextDueAtMs: 4_010 }]);
      })());
  });
}
