import { describe, expect, it } from 'vitest';
import { taskIn } from '../../core/task.fixture.ts';
import { isFinal, TASK_STATUSES } from '../../core/task.ts';
import { configWith, type OpenSubject, withStore } from './workbench.ts';

export function retentionConformance(open: OpenSubject): void {
  describe('retention', () => {
    it.each(TASK_STATUSES)('removes a task that is %s only when that is final', (status) =>
      withStore(open, async (bench) => {
        const task = await bench.keep(taskIn(status));
        const count = isFinal(status) ? 1 : 0;
        expect(await bench.store.deleteEnded({ trackedBeforeMs: 9_000, limit: 9 })).toBe(count);
        expect(await bench.store.findTask(task)).toEqual(count === 1 ? undefined : task);
      })(),
    );

    it('keeps tracked records until their time and drops untracked ones at once', () =>
      withStore(open, async (bench) => {
        await bench.keep(taskIn('Succeeded', { taskId: 'old', endedAtMs: 1_000 }));
        await bench.keep(taskIn('Succeeded', { taskId: 'new', endedAtMs: 2_000 }));
        await bench.keep(taskIn('Failed', { taskId: 'plain', endedAtMs: 3_000, tracked: false }));
        expect(await bench.store.deleteEnded({ trackedBeforeMs: 2_000, limit: 9 })).toBe(2);
        expect(await bench.list()).toEqual(['new']);
        expect(await bench.store.findTask(taskIn('Failed', { taskId: 'plain' }))).toBeUndefined();
      })());

    it('removes the oldest ends first, up to the limit', () =>
      withStore(open, async (bench) => {
        await bench.keep(taskIn('Succeeded', { taskId: 'c', endedAtMs: 3_000 }));
        await bench.keep(taskIn('Succeeded', { taskId: 'a', endedAtMs: 1_000 }));
        await bench.keep(taskIn('Succeeded', { taskId: 'b', endedAtMs: 2_000, tracked: false }));
        expect(await bench.store.deleteEnded({ trackedBeforeMs: 9_000, limit: 2 })).toBe(2);
        expect(await bench.list()).toEqual(['c']);
      })());

    it('waits for the delivery', () =>
      withStore(open, async (bench) => {
        const task = await bench.end('t', { tracked: false, config: configWith({ onSuccess: 'x' }) });
        const sweep = () => bench.store.deleteEnded({ trackedBeforeMs: 1e9, limit: 9 });
        expect(await sweep()).toBe(0);
        const [delivery] = await bench.store.claimDeliveries({ nowMs: 1e9, leaseMs: 1, limit: 1 });
        if (delivery === undefined) throw new Error('nothing to deliver');
        expect(await sweep()).toBe(0);
        await bench.store.settleDeliveries([{ deliveryId: delivery.deliveryId, tryCount: 1, status: 'Failed' }]);
        expect(await sweep()).toBe(1);
        expect(await bench.store.findTask(task)).toBeUndefined();
      })());
  });
}
