import { describe, expect, it, onTestFinished } from 'vitest';
import { taskIn } from '../../core/task.fixture.ts';
import { isHeld, TASK_STATUSES } from '../../core/task.ts';
import type { Sharing, Signal, SyncPlace } from '../store.ts';
import { claimBy, FUNCTION, type OpenSubject, SUCCEED, type Workbench, withStore } from './workbench.ts';

const place = (placeId: string, owner = 'node-1'): SyncPlace => ({ ...FUNCTION, owner, placeId });
const bounded = (concurrencyMax: number) => [{ ...FUNCTION, limit: 9, concurrencyMax }];

export function sharingConformance(open: OpenSubject): void {
  const shared = (body: (sharing: Sharing, bench: Workbench) => Promise<void>) =>
    withStore(open, async (bench) => {
      const { sharing } = bench.store;
      if (sharing === null) throw new Error('the store is not shared');
      await bench.store.renewLease('node-1', 1_000);
      await bench.store.renewLease('node-2', 1_000);
      await body(sharing, bench);
    });

  describe('places of synchronous executions', () => {
    it('are taken up to the bound, together with held tasks, and are free again', () =>
      shared(async (sharing, bench) => {
        await bench.accept('t');
        await bench.store.claim(bounded(2), { owner: 'node-2', nowMs: bench.nowMs });
        expect(await sharing.takePlace(place('a'), 2)).toBe('taken');
        expect(await sharing.takePlace(place('b', 'node-2'), 2)).toBe('full');
        expect(await sharing.takePlace({ ...place('b'), functionName: 'other' }, 2)).toBe('taken');
        expect(await sharing.takePlace({ ...place('b'), functionName: 'wide' }, Number.MAX_SAFE_INTEGER)).toBe('taken');
        await sharing.freePlace(place('a'));
        await sharing.freePlace(place('a'));
        expect(await sharing.takePlace(place('b', 'node-2'), 2)).toBe('taken');
        expect(await sharing.takePlace(place('c'), 0)).toBe('full');
      })());

    it('leave the less to claims', () =>
      shared(async (sharing, bench) => {
        for (const taskId of ['a', 'b', 'c']) await bench.accept(taskId);
        await sharing.takePlace(place('p'), 2);
        const claimer = { owner: 'node-2', nowMs: bench.nowMs };
        expect(await bench.store.claim(bounded(2), claimer)).toHaveLength(1);
        await sharing.freePlace(place('p'));
        expect(await bench.store.claim(bounded(2), claimer)).toHaveLength(1);
      })());

    it('are one place when they are taken twice, and two under two owners', () =>
      shared(async (sharing) => {
        expect(await sharing.takePlace(place('a'), 2)).toBe('taken');
        expect(await sharing.takePlace(place('a'), 2)).toBe('taken');
        expect(await sharing.takePlace(place('a', 'node-2'), 2)).toBe('taken');
        expect(await sharing.takePlace(place('b'), 2)).toBe('full');
      })());

    it('are never more than the bound, however many take and claim at once', () =>
      shared(async (sharing, bench) => {
        for (let index = 0; index < 10; index += 1) await bench.accept(`t-${index}`);
        const takes = Array.from({ length: 10 }, (_, index) => sharing.takePlace(place(`p-${index}`), 4));
        const claims = Array.from({ length: 5 }, () =>
          bench.store.claim([{ ...FUNCTION, limit: 1, concurrencyMax: 4 }], { owner: 'node-2', nowMs: bench.nowMs }),
        );
        const [taken, claimed] = await Promise.all([Promise.all(takes), Promise.all(claims)]);
        expect(taken.filter((answer) => answer === 'taken').length + claimed.flat().length).toBe(4);
      })());

    it('go with the lease of their owner and do not come back with it', () =>
      shared(async (sharing, bench) => {
        await sharing.takePlace(place('a'), 1);
        bench.nowMs += 1_000;
        expect(await sharing.takePlace(place('b'), 1)).toBe('lapsed');
        await bench.store.renewLease('node-2', 1_000);
        expect(await sharing.takePlace(place('c', 'node-2'), 1)).toBe('taken');
        await bench.store.renewLease('node-1', 1_000);
        await sharing.freePlace(place('c', 'node-2'));
        expect(await sharing.takePlace(place('d', 'node-2'), 1)).toBe('taken');
        await bench.store.endLease('node-2');
        expect(await sharing.takePlace(place('e'), 1)).toBe('taken');
      })());
  });

  describe('what a node holds', () => {
    it.each(TASK_STATUSES)('has a task that is %s when it is held by this node', (status) =>
      shared(async (sharing, bench) => {
        const task = await bench.keep(taskIn(status));
        expect(await sharing.findHeld('node-1')).toEqual(isHeld(status) ? [task] : []);
        expect(await sharing.findStopping('node-1')).toEqual(status === 'Stopping' ? [task] : []);
        expect(await sharing.findHeld('node-2')).toEqual([]);
        expect(await sharing.findStopping('node-2')).toEqual([]);
      })(),
    );
  });

  describe('the nodes', () => {
    it('are those with a lease, each with what it published last', () =>
      shared(async (sharing, bench) => {
        await sharing.publishNode('node-2', { instances: [1] });
        await sharing.publishNode('node-2', { instances: [1, 2] });
        const both = [
          { nodeId: 'node-1', document: null },
          { nodeId: 'node-2', document: { instances: [1, 2] } },
        ];
        expect(await sharing.liveNodes()).toEqual(both);
        bench.nowMs += 500;
        await bench.store.renewLease('node-2', 1_000);
        expect(await sharing.liveNodes()).toEqual(both);
        bench.nowMs += 500;
        expect(await sharing.liveNodes()).toEqual(both.slice(1));
        await bench.store.endLease('node-2');
        expect(await sharing.liveNodes()).toEqual([]);
      })());
  });

  describe('the version of the records', () => {
    it('grows by one with each call that wrote, deletes included, and with no other', () =>
      shared(async (sharing, bench) => {
        const path = ['1', 'f'];
        const put = { write: 'put', kind: 'function', path, document: 1, expect: 'absent' } as const;
        const before = await sharing.recordsVersion();
        await bench.store.writeRecords([put, { ...put, kind: 'alias' }]);
        expect(await sharing.recordsVersion()).toBe(before + 1);
        expect(await bench.store.writeRecords([put])).toBe('conflict');
        expect(await sharing.recordsVersion()).toBe(before + 1);
        await bench.store.writeRecords([{ write: 'delete', kind: 'function', path, expect: 'any' }]);
        await bench.store.writeRecords([{ write: 'delete-under', kind: 'alias', path }]);
        expect(await sharing.recordsVersion()).toBe(before + 3);
      })());
  });

  describe('signals', () => {
    it('tell of tasks that wait, whether they are new or returned', () =>
      shared(async (sharing, bench) => {
        const heard = listen(sharing);
        const task = await bench.accept('t', { delayMs: 5 });
        await heard.until((signal) => signal.kind === 'waiting' && signal.dueAtMs === task.dueAtMs);
        const held = await bench.keep(taskIn('Dequeued', { taskId: 'u' }));
        heard.forget();
        bench.nowMs += 77;
        await bench.move(held, { kind: 'give-back' });
        await heard.until((signal) => signal.kind === 'waiting');
      })());

    it('tell of a stop of a held task, with its holder and fence', () =>
      shared(async (sharing, bench) => {
        const heard = listen(sharing);
        const held = await bench.move(await bench.accept('t'), claimBy('node-2'));
        await bench.move(held, { kind: 'stop' });
        const { taskId, fence } = held;
        await heard.until((signal) => signal.kind === 'stopping');
        expect(heard.signals.filter(({ kind }) => kind === 'stopping')).toEqual([
          { kind: 'stopping', ...FUNCTION, taskId, owner: 'node-2', fence },
        ]);
      })());

    it('tell of written records, with their version', () =>
      shared(async (sharing, bench) => {
        const heard = listen(sharing);
        const version = (await sharing.recordsVersion()) + 1;
        await bench.store.writeRecords([
          { write: 'put', kind: 'function', path: ['1', 'f'], document: 1, expect: 'any' },
          { write: 'delete-under', kind: 'alias', path: ['1', 'f'] },
        ]);
        await heard.until((signal) => signal.kind === 'records');
        const changed = [
          { kind: 'function', path: ['1', 'f'] },
          { kind: 'alias', path: ['1', 'f'] },
        ];
        expect(heard.signals).toContainEqual({ kind: 'records', version, changed });
      })());

    it('end with the listening, and say nothing of ends', () =>
      shared(async (sharing, bench) => {
        const [ended, heard] = [listen(sharing), listen(sharing)];
        ended.end();
        await bench.end('t');
        await bench.accept('last', { functionName: 'other' });
        await heard.until((signal) => signal.kind === 'waiting' && signal.functionName === 'other');
        expect(ended.signals).toEqual([]);
        expect(heard.signals.filter(({ kind }) => kind !== 'waiting')).toEqual([]);
      })());
  });

  it('a task that was claimed and has ended is held by nobody', () =>
    shared(async (sharing, bench) => {
      await bench.move(await bench.move(await bench.accept('t'), claimBy('node-1')), SUCCEED);
      expect(await sharing.findHeld('node-1')).toEqual([]);
    })());
}

interface Listening {
  readonly signals: Signal[];
  /** Resolves when one came that the condition takes. Signals may be late. */
  until(condition: (signal: Signal) => boolean): Promise<void>;
  forget(): void;
  end(): void;
}

function listen(sharing: Sharing): Listening {
  const signals: Signal[] = [];
  let look = (): void => undefined;
  const end = sharing.onSignal((signal) => {
    signals.push(signal);
    look();
  });
  onTestFinished(end);
  return {
    signals,
    until: (condition) =>
      new Promise((resolve) => {
        look = () => {
          if (signals.some(condition)) resolve();
        };
        look();
      }),
    forget: () => void signals.splice(0),
    end,
  };
}
