import { describe, expect, it } from 'vitest';
import { taskIn } from '../../core/task.fixture.ts';
import { TASK_STATUSES } from '../../core/task.ts';
import { type OpenSubject, withStore } from './workbench.ts';

export function expiryConformance(open: OpenSubject): void {
  describe('expiring', () => {
    it.each(TASK_STATUSES)('finds a task that is %s only while it waits or has not started', (status) =>
      withStore(open, async (bench) => {
        const task = await bench.keep(taskIn(status, { expiresAtMs: 5_000 }));
        const isFound = ['Enqueued', 'Retrying', 'Dequeued'].includes(status);
        expect(await bench.store.findExpired(4_999, 9)).toEqual([]);
        expect(await bench.store.findExpired(5_000, 9)).toEqual(isFound ? [task] : []);
      })(),
    );

    it('gives the oldest limit first, up to the number asked for, and changes nothing', () =>
      withStore(open, async (bench) => {
        await bench.keep(taskIn('Enqueued', { taskId: 'c', expiresAtMs: 3_000 }));
        await bench.keep(taskIn('Dequeued', { taskId: 'a', expiresAtMs: 1_000 }));
        await bench.keep(taskIn('Retrying', { taskId: 'b', expiresAtMs: 2_000, tracked: false }));
        const ids = async (limit: number) => (await bench.store.findExpired(9_000, limit)).map((task) => task.taskId);
        expect(await ids(2)).toEqual(['a', 'b']);
        expect(await ids(9)).toEqual(['a', 'b', 'c']);
      })());
  });
}
