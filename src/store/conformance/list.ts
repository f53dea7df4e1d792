import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionOf, newTask } from '../../core/task.fixture.ts';
import { PAGE_BYTES_MAX } from '../page-bytes.ts';
import { claimBy, configWith, type OpenSubject, SUCCEED, withStore } from './workbench.ts';

export function listConformance(open: OpenSubject): void {
  describe('listing', () => {
    it('orders by acceptance, both ways, and by arrival within a millisecond', () =>
      withStore(open, async (bench) => {
        for (const [taskId, nowMs] of [
          ['b', 2_000],
          ['a', 1_000],
          ['d', 3_000],
          ['c', 2_000],
        ] as const) {
          await bench.accept(taskId, { nowMs });
        }
        expect(await bench.list()).toEqual(['a', 'b', 'c', 'd']);
        expect(await bench.list({ order: 'newest-first' })).toEqual(['d', 'c', 'b', 'a']);
      })());

    it('filters by each member of the query and by all together', () =>
      withStore(open, async (bench) => {
        await bench.accept('red-1', { nowMs: 1_000 });
        await bench.accept('red-2', { nowMs: 2_000, qualifier: 'prod' });
        await bench.accept('blue-1', { nowMs: 3_000, qualifier: 'prod' });
        await bench.move(await bench.accept('red-3', { nowMs: 4_000, qualifier: 'prod' }), claimBy('n'), SUCCEED);
        await bench.accept('red-4', { nowMs: 5_000, functionName: 'other' });
        expect(await bench.list({ qualifier: 'prod' })).toEqual(['red-2', 'blue-1', 'red-3']);
        expect(await bench.list({ qualifier: 'none' })).toEqual([]);
        expect(await bench.list({ status: 'Succeeded' })).toEqual(['red-3']);
        expect(await bench.list({ status: 'Enqueued' })).toEqual(['red-1', 'red-2', 'blue-1']);
        expect(await bench.list({ idPrefix: 'red-' })).toEqual(['red-1', 'red-2', 'red-3']);
        expect(await bench.list({ idPrefix: 'RED' })).toEqual([]);
        expect(await bench.list({ acceptedFromMs: 2_000, acceptedToMs: 3_000 })).toEqual(['red-2', 'blue-1']);
        expect(await bench.list({ acceptedFromMs: 3_001 })).toEqual(['red-3']);
        expect(
          await bench.list({
            qualifier: 'prod',
            status: 'Enqueued',
            idPrefix: 'red',
            acceptedFromMs: 2_000,
            acceptedToMs: 9_000,
          }),
        ).toEqual(['red-2']);
        expect(await bench.list({ functionName: 'other' })).toEqual(['red-4']);
        expect(await bench.list({ account: '2' })).toEqual([]);
      })());

    it('says that another page follows exactly when one does', () =>
      withStore(open, async (bench) => {
        for (const taskId of ['a', 'b', 'c']) await bench.accept(taskId);
        for (const [limit, follows] of [
          [2, true],
          [3, false],
          [4, false],
        ] as const) {
          const page = await bench.store.listTasks({
            ...{ account: '1000000000000000', functionName: 'resize' },
            order: 'newest-first',
            limit,
            includePayload: false,
          });
          expect([page.tasks.length, page.next !== null]).toEqual([Math.min(limit, 3), follows]);
        }
      })());

    it('ends a page early that grows large, and goes on after it', () =>
      withStore(open, async (bench) => {
        const payload = new Uint8Array(Math.ceil(PAGE_BYTES_MAX / 2));
        const taskIds = ['a', 'b', 'c', 'd', 'e'];
        for (const taskId of taskIds) {
          await bench.store.accept([{ task: newTask({ taskId, requestId: taskId, nowMs: bench.nowMs }), payload }]);
        }
        expect(await bench.list({ includePayload: true })).toEqual(['a', 'b']);
        expect(await bench.listAll({ includePayload: true })).toEqual(taskIds);
        expect(await bench.list()).toEqual(taskIds);
      })());

    it('gives payloads when asked, results always', () =>
      withStore(open, async (bench) => {
        await bench.end('t');
        const query = { account: '1000000000000000', functionName: 'resize', order: 'oldest-first', limit: 5 } as const;
        const [bare] = (await bench.store.listTasks({ ...query, includePayload: false })).tasks;
        const [full] = (await bench.store.listTasks({ ...query, includePayload: true })).tasks;
        expect(bare).toMatchObject({ payload: null, result: { totalBytes: 4 } });
        expect(full?.payload).toHaveLength(1);
      })());

    it.each(['oldest-first', 'newest-first'] as const)(
      'shows every older task exactly once while tasks arrive, change and are deleted, %s',
      (order) =>
        withStore(open, async (bench) => {
          const ids = Array.from({ length: 23 }, (_, index) => `t-${String(index).padStart(2, '0')}`);
          // Five a millisecond, so that pages end within one.
          for (const [index, taskId] of ids.entries())
            await bench.accept(taskId, { nowMs: 1_000 + Math.floor(index / 5) });
          let arrived = 0;
          const seen = await bench.listAll({ order, limit: 3 }, async () => {
            arrived += 1;
            await bench.end(`new-${arrived}`, { nowMs: 5_000 });
            await bench.store.deleteEnded({ trackedBeforeMs: 10, limit: 1 });
          });
          const older = seen.filter((id) => id.startsWith('t-'));
          expect(older).toEqual(order === 'oldest-first' ? ids : ids.toReversed());
        })(),
    );

    it('pages through any filter to what one long page shows', () =>
      withStore(open, async (bench) => {
        for (let index = 0; index < 40; index += 1) {
          const qualifier = ['LATEST', 'prod', '7'][index % 3] ?? '';
          const task = await bench.accept(`${index % 2 === 0 ? 'even' : 'odd'}-${index}`, {
            nowMs: 1_000 + (index % 7),
            qualifier,
          });
          if (index % 5 === 0) await bench.move(task, claimBy('n'));
        }
        const filter = fc.record(
          {
            qualifier: fc.constantFrom('LATEST', 'prod', '7'),
            status: fc.constantFrom('Enqueued', 'Dequeued'),
            idPrefix: fc.constantFrom('', 'e', 'even-1', 'odd'),
            acceptedFromMs: fc.integer({ min: 999, max: 1_008 }),
            acceptedToMs: fc.integer({ min: 999, max: 1_008 }),
          },
          { requiredKeys: [] },
        );
        const order = fc.constantFrom('oldest-first', 'newest-first');
        await fc.assert(
          fc.asyncProperty(filter, order, fc.integer({ min: 1, max: 9 }), async (members, direction, limit) => {
            const query = { ...members, order: direction };
            expect(await bench.listAll({ ...query, limit })).toEqual(await bench.list(query));
          }),
          { numRuns: 40 },
        );
      })());

    it('keeps a task at its place when it changes', () =>
      withStore(open, async (bench) => {
        const first = await bench.accept('a', { nowMs: 1_000, config: configWith({ onFailure: 'x' }) });
        await bench.accept('b', { nowMs: 2_000 });
        bench.nowMs = 20_000;
        const failed = executionOf({ kind: 'out-of-memory' });
        await bench.move(first, claimBy('n'), { kind: 'end', execution: failed });
        expect(await bench.list()).toEqual(['a', 'b']);
        expect(await bench.list({ status: 'Retrying' })).toEqual(['a']);
      })());
  });
}
