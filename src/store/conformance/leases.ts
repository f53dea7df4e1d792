import { describe, expect, it } from 'vitest';
import { taskIn } from '../../core/task.fixture.ts';
import { isHeld, TASK_STATUSES } from '../../core/task.ts';
import { type OpenSubject, withStore } from './workbench.ts';

export function leaseConformance(open: OpenSubject): void {
  describe('leases', () => {
    it.each(TASK_STATUSES)('finds a task that is %s only when a node without a lease holds it', (status) =>
      withStore(open, async (bench) => {
        const task = await bench.keep(taskIn(status));
        expect(await bench.store.findLapsed(9)).toEqual(isHeld(status) ? [task] : []);
        await bench.store.renewLease('node-1', 1_000);
        expect(await bench.store.findLapsed(9)).toEqual([]);
      })(),
    );

    it('follows the store’s clock and prolongs with each renewal', () =>
      withStore(open, async (bench) => {
        await bench.keep(taskIn('Running'));
        await bench.store.renewLease('node-1', 1_000);
        bench.nowMs += 900;
        await bench.store.renewLease('node-1', 1_000);
        bench.nowMs += 999;
        expect(await bench.store.findLapsed(9)).toEqual([]);
        bench.nowMs += 1;
        expect(await bench.store.findLapsed(9)).toHaveLength(1);
      })());

    it('ends a lease at once, and no other', () =>
      withStore(open, async (bench) => {
        for (const owner of ['node-1', 'node-2']) {
          await bench.keep(taskIn('Running', { taskId: owner, owner }));
          await bench.store.renewLease(owner, 1_000);
        }
        await bench.store.endLease('node-2');
        await bench.store.endLease('node-2');
        expect((await bench.store.findLapsed(9)).map((task) => task.taskId)).toEqual(['node-2']);
      })());

    it('gives no more than asked for', () =>
      withStore(open, async (bench) => {
        for (let index = 0; index < 5; index += 1) await bench.keep(taskIn('Running', { taskId: `t-${index}` }));
        expect(await bench.store.findLapsed(3)).toHaveLength(3);
      })());
  });
}
