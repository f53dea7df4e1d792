import { describe, expect, test } from 'vitest';
import { invoke, specOf } from '../runtime.fixture.ts';
import type { InstanceSpec } from '../runtime.ts';
import { FakeClock, FakeRuntime } from './fake-runtime.fixture.ts';
import { InstancePool } from './instance-pool.ts';

function openPool({ instancesMax = 8, idleMs = 1_000 } = {}) {
  const clock = new FakeClock();
  const runtime = new FakeRuntime(clock);
  let instanceCount = 0;
  const newInstanceId = (): string => `i-${(instanceCount += 1)}`;
  const pool = new InstancePool({ runtimes: [runtime], clock, newInstanceId, idleMs, instancesMax, cores: 2 });

  /** Runs one task at once, and says whether it had to wait for a start. */
  async function wasCold(spec: InstanceSpec): Promise<boolean> {
    const acquiring = pool.acquire(spec, { urgency: 'sync', ahead: false, signal: new AbortController().signal });
    await clock.advance(200);
    const acquired = await acquiring;
    if (acquired.kind === 'none') throw new Error('no instance');
    const running = invoke(acquired.lease, { event: '1' });
    await clock.advance(1);
    await running;
    acquired.lease.release();
    return acquired.lease.coldStart;
  }

  return { clock, runtime, pool, wasCold };
}

const fake = (): InstanceSpec => specOf({ runtime: 'fake' });

describe('instances that are kept', () => {
  test('come up before anybody asks, and stay beyond their idle time, so that nobody waits', async () => {
    const { clock, pool, runtime, wasCold } = openPool();
    const spec = fake();
    pool.keepUp([{ spec, count: 3 }]);
    await clock.advance(1_000);
    expect(runtime.liveOf(spec.key)).toBe(3);
    await clock.advance(60_000);
    expect(runtime.liveOf(spec.key)).toBe(3);
    const startsBefore = runtime.startedKeys.length;
    await wasCold(spec);
    expect(runtime.startedKeys.length).toBe(startsBefore);
  });

  test('are starting at first, and say so until they take calls', async () => {
    const { clock, pool } = openPool();
    const statuses = (): readonly string[] => pool.instances().map(({ status }) => status);
    pool.keepUp([{ spec: fake(), count: 1 }]);
    await clock.advance(1);
    expect(statuses()).toEqual(['Starting']);
    await clock.advance(1_000);
    expect(statuses()).toEqual(['Running']);
  });

  test('are so many and no more: what is beyond them idles away', async () => {
    const { clock, pool, runtime } = openPool();
    const spec = fake();
    pool.keepUp([{ spec, count: 3 }]);
    await clock.advance(500);
    pool.keepUp([{ spec, count: 1 }]);
    await clock.advance(2_500);
    expect(runtime.liveOf(spec.key)).toBe(1);
    await clock.advance(60_000);
    expect(runtime.liveOf(spec.key)).toBe(1);
  });

  test('idle away once they are not kept any more', async () => {
    const { clock, pool, runtime } = openPool();
    const spec = fake();
    pool.keepUp([{ spec, count: 2 }]);
    await clock.advance(5_000);
    pool.keepUp([]);
    await clock.advance(1_500);
    expect(runtime.live.size).toBe(0);
  });

  test('are replaced when they end by themselves, each time later while none does any work', async () => {
    const { clock, pool, runtime, wasCold } = openPool();
    const spec = fake();
    const startsIn = async (ms: number): Promise<number> => {
      const before = runtime.startedKeys.length;
      for (let passedMs = 0; passedMs < ms; passedMs += 100) {
        pool.keepUp([{ spec, count: 1 }]);
        await clock.advance(100);
        for (const instance of runtime.live.values()) instance.die();
      }
      return runtime.startedKeys.length - before;
    };
    expect(await startsIn(10_000)).toBeLessThan(6);
    pool.keepUp([{ spec, count: 1 }]);
    await clock.advance(60_000);
    pool.keepUp([{ spec, count: 1 }]);
    await clock.advance(200);
    expect(runtime.liveOf(spec.key)).toBe(1);
    await wasCold(spec);
    for (const instance of runtime.live.values()) instance.die();
    await clock.advance(1_100);
    pool.keepUp([{ spec, count: 1 }]);
    await clock.advance(200);
    expect(runtime.liveOf(spec.key)).toBe(1);
  });

  test('that do not load are not tried again and again', async () => {
    const { clock, pool, runtime } = openPool();
    runtime.failure = { kind: 'initialization-error', document: Buffer.from('{}') };
    const spec = fake();
    for (let second = 0; second < 60; second += 1) {
      pool.keepUp([{ spec, count: 2 }]);
      await clock.advance(1_000);
    }
    expect(runtime.startedKeys.length).toBeLessThan(14);
  });

  test('are of the new code once that is said, and none of the old comes back', async () => {
    const { clock, pool, runtime } = openPool();
    const old = fake();
    const changed = { ...old, key: `${old.key}-changed` };
    pool.keepUp([{ spec: old, count: 2 }]);
    await clock.advance(500);
    pool.retire(old.account, old.functionName);
    await clock.advance(500);
    expect(runtime.live.size).toBe(0);
    pool.keepUp([{ spec: changed, count: 2 }]);
    await clock.advance(500);
    expect([runtime.liveOf(old.key), runtime.liveOf(changed.key)]).toEqual([0, 2]);
  });

  test('take slots from idle instances, and from nobody who works', async () => {
    const { clock, pool, runtime } = openPool({ instancesMax: 2, idleMs: 60_000 });
    const [idle, busy, kept] = [fake(), fake(), fake()];
    const signal = new AbortController().signal;
    const acquiring = [idle, busy].map((spec) => pool.acquire(spec, { urgency: 'sync', ahead: false, signal }));
    await clock.advance(200);
    const [first] = await Promise.all(acquiring);
    if (first?.kind === 'instance') first.lease.release();
    pool.keepUp([{ spec: kept, count: 2 }]);
    await clock.advance(1_000);
    expect([idle, busy, kept].map(({ key }) => runtime.liveOf(key))).toEqual([0, 1, 1]);
  });

  test('are not ended for another function that wants in', async () => {
    const { clock, pool, runtime } = openPool({ instancesMax: 2, idleMs: 60_000 });
    const [kept, other] = [fake(), fake()];
    pool.keepUp([{ spec: kept, count: 1 }]);
    await clock.advance(500);
    const signal = new AbortController().signal;
    const acquiring = Array.from({ length: 2 }, () => pool.acquire(other, { urgency: 'async', ahead: false, signal }));
    await clock.advance(2_000);
    expect([kept, other].map(({ key }) => runtime.liveOf(key))).toEqual([1, 1]);
    const closing = pool.close(1_000);
    await clock.advance(100);
    await Promise.all([closing, ...acquiring]);
  });

  test('end with the pool', async () => {
    const { clock, pool, runtime } = openPool();
    pool.keepUp([{ spec: fake(), count: 2 }]);
    await clock.advance(500);
    const closing = pool.close(1_000);
    await clock.advance(100);
    await closing;
    pool.keepUp([{ spec: fake(), count: 2 }]);
    await clock.advance(500);
    expect(runtime.live.size).toBe(0);
  });
});
