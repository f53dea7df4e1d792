import { describe, expect, test } from 'vitest';
import { invoke, specOf } from '../runtime.fixture.ts';
import type { Acquired, InstanceLease, InstanceSpec, Urgency } from '../runtime.ts';
import { FakeClock, FakeRuntime, settled } from './fake-runtime.fixture.ts';
import { InstancePool } from './instance-pool.ts';

function openPool({ instancesMax = 32, cores = 2, idleMs = 60_000 } = {}) {
  const clock = new FakeClock();
  const runtime = new FakeRuntime(clock);
  let instanceCount = 0;
  const newInstanceId = (): string => `i-${(instanceCount += 1)}`;
  const pool = new InstancePool({ runtimes: [runtime], clock, newInstanceId, idleMs, instancesMax, cores });

  function acquire(spec: InstanceSpec, urgency: Urgency = 'async', signal = new AbortController().signal) {
    return pool.acquire(spec, { urgency, ahead: urgency === 'async', signal });
  }

  /** Runs one task of so many milliseconds from beginning to end. */
  async function run(spec: InstanceSpec, ms: number): Promise<void> {
    const lease = leaseOf(await acquire(spec));
    await invoke(lease, { event: String(ms) });
    lease.release();
  }

  /** Keeps so many tasks of a function waiting or running until told to stop. */
  function flood(spec: InstanceSpec, { tasks, ms }: { readonly tasks: number; readonly ms: number }) {
    const state = { done: 0, stopped: false };
    const loop = async (): Promise<void> => {
      while (!state.stopped) {
        await run(spec, ms);
        state.done += 1;
      }
    };
    for (let task = 0; task < tasks; task += 1) void loop();
    return state;
  }

  return { clock, runtime, pool, acquire, run, flood };
}

const fake = (): InstanceSpec => specOf({ runtime: 'fake' });

function leaseOf(acquired: Acquired): InstanceLease {
  if (acquired.kind === 'none') throw new Error(acquired.execution.outcome.kind);
  return acquired.lease;
}

describe('a warm instance', () => {
  test('is used again, and only its first use is a cold start', async () => {
    const { acquire, clock, runtime } = openPool();
    const spec = fake();
    const first = acquire(spec);
    await clock.advance(100);
    const lease = leaseOf(await first);
    expect(lease.coldStart).toBe(true);
    lease.release();
    const again = leaseOf(await acquire(spec));
    expect([again.coldStart, again.instanceId]).toEqual([false, lease.instanceId]);
    expect(runtime.startedKeys.length).toBe(1);
  });

  test('that was used last is used first', async () => {
    const { acquire, clock } = openPool();
    const spec = fake();
    const both = [acquire(spec), acquire(spec)];
    await clock.advance(100);
    const first = leaseOf(await (both[0] ?? acquire(spec)));
    const slow = invoke(first, { event: '1000' });
    await clock.advance(200);
    const second = leaseOf(await (both[1] ?? acquire(spec)));
    await clock.advance(1_000);
    await slow;
    second.release();
    first.release();
    expect(leaseOf(await acquire(spec)).instanceId).toBe(first.instanceId);
  });

  test('retires when nobody used it for the idle time, and not before', async () => {
    const { clock, run, runtime, pool } = openPool({ idleMs: 1_000 });
    const done = run(fake(), 1);
    await clock.advance(101);
    await done;
    await clock.advance(998);
    expect(runtime.live.size).toBe(1);
    await clock.advance(5);
    expect(runtime.live.size).toBe(0);
    expect(pool.instances().map(({ status }) => status)).toEqual(['Destroyed']);
  });

  test('that dies while idle is not given to anybody', async () => {
    const { acquire, clock, run, runtime } = openPool();
    const spec = fake();
    const done = run(spec, 1);
    await clock.advance(101);
    await done;
    for (const instance of runtime.live.values()) instance.die();
    await settled();
    const next = acquire(spec);
    await clock.advance(100);
    expect(leaseOf(await next).coldStart).toBe(true);
  });

  test('of a function of higher concurrency takes several at once', async () => {
    const { acquire, clock, runtime } = openPool();
    runtime.concurrency = 3;
    const spec = fake();
    const leases = [acquire(spec), acquire(spec), acquire(spec)];
    await clock.advance(100);
    const ids = (await Promise.all(leases)).map((acquired) => leaseOf(acquired).instanceId);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('growth', () => {
  test('gives each of 20 long tasks an instance within about a second', async () => {
    const { clock, runtime, flood } = openPool({ cores: 2 });
    flood(fake(), { tasks: 20, ms: 5_000 });
    await clock.advance(1_250);
    expect(runtime.live.size).toBe(20);
  });

  test('leaves a flood of short tasks to one instance for each core', async () => {
    const { clock, runtime, flood } = openPool();
    const tasks = flood(fake(), { tasks: 64, ms: 1 });
    await clock.advance(2_000);
    expect(runtime.live.size).toBe(2);
    expect(tasks.done).toBeGreaterThan(1_800);
  });

  test('starts no more at once than it should', async () => {
    const { clock, runtime, flood } = openPool({ cores: 2 });
    flood(fake(), { tasks: 5, ms: 5_000 });
    for (let others = 0; others < 5; others += 1) flood(fake(), { tasks: 1, ms: 5_000 });
    await clock.advance(0);
    expect(runtime.startedKeys.length).toBe(2);
  });

  test('never passes the limit of the node', async () => {
    const { clock, pool, flood } = openPool({ instancesMax: 3 });
    for (let functions = 0; functions < 5; functions += 1) flood(fake(), { tasks: 4, ms: 400 });
    for (let step = 0; step < 100; step += 1) {
      await clock.advance(37);
      expect(pool.instances().filter(({ status }) => status !== 'Destroyed').length).toBeLessThanOrEqual(3);
    }
  });
});

describe('a full node', () => {
  test('ends the instance that idles longest for a function that has none', async () => {
    const { clock, pool, run, runtime } = openPool({ instancesMax: 2 });
    const [old, young, other] = [fake(), fake(), fake()];
    for (const spec of [old, young]) {
      const done = run(spec, 1);
      await clock.advance(150);
      await done;
    }
    const done = run(other, 1);
    await clock.advance(150);
    await done;
    expect([old, young, other].map(({ key }) => runtime.liveOf(key))).toEqual([0, 1, 1]);
    expect(pool.instances().filter(({ status }) => status === 'Running').length).toBe(2);
  });

  test('is shared evenly between two functions that want all of it', async () => {
    const { clock, runtime, flood } = openPool({ instancesMax: 8 });
    const [first, second] = [fake(), fake()];
    flood(first, { tasks: 50, ms: 100 });
    await clock.advance(2_000);
    expect(runtime.liveOf(first.key)).toBe(8);
    flood(second, { tasks: 50, ms: 100 });
    await clock.advance(4_000);
    expect([runtime.liveOf(first.key), runtime.liveOf(second.key)]).toEqual([4, 4]);
  });

  test('with room for one lets two functions take turns', async () => {
    const { clock, flood } = openPool({ instancesMax: 1 });
    const first = flood(fake(), { tasks: 10, ms: 10 });
    const second = flood(fake(), { tasks: 10, ms: 10 });
    await clock.advance(20_000);
    const share = first.done / (first.done + second.done);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    // Turns are long enough that most of the time is spent on work, not on cold starts.
    expect(first.done + second.done).toBeGreaterThan(1_000);
  });
});

describe('who waits', () => {
  test('is served synchronous callers first, then in order', async () => {
    const { acquire, clock } = openPool({ instancesMax: 1 });
    const spec = fake();
    const served: string[] = [];
    const wait = async (name: string, urgency: Urgency): Promise<void> => {
      const lease = leaseOf(await acquire(spec, urgency));
      served.push(name);
      await invoke(lease, { event: '10' });
      lease.release();
    };
    void wait('async 1', 'async');
    await clock.advance(105);
    for (const name of ['async 2', 'async 3']) void wait(name, 'async');
    for (const name of ['sync 1', 'sync 2']) void wait(name, 'sync');
    await clock.advance(100);
    expect(served).toEqual(['async 1', 'sync 1', 'sync 2', 'async 2', 'async 3']);
  });

  test('may give up, and is not served after that', async () => {
    const { acquire, clock, run } = openPool({ instancesMax: 1 });
    const spec = fake();
    const done = run(spec, 50);
    await clock.advance(110);
    const controller = new AbortController();
    const waiting = acquire(spec, 'async', controller.signal);
    controller.abort('stop');
    expect(await waiting).toMatchObject({ kind: 'none', execution: { outcome: { kind: 'interrupted' } } });
    await clock.advance(100);
    await done;
    expect(leaseOf(await acquire(spec)).coldStart).toBe(false);
  });

  test('is told when the code cannot be loaded, all at once, and the next try is a new one', async () => {
    const { acquire, clock, runtime } = openPool();
    runtime.failure = { kind: 'initialization-error', document: Buffer.from('{}') };
    const spec = fake();
    const waiting = [acquire(spec), acquire(spec), acquire(spec)];
    await clock.advance(5_000);
    const kinds = (await Promise.all(waiting)).map(
      (acquired) => acquired.kind === 'none' && acquired.execution.outcome.kind,
    );
    expect(kinds).toEqual(['initialization-error', 'initialization-error', 'initialization-error']);
    expect(runtime.startedKeys.length).toBe(1);
    const again = acquire(spec);
    await clock.advance(100);
    expect(await again).toMatchObject({ kind: 'none', execution: { outcome: { kind: 'initialization-error' } } });
    expect(runtime.startedKeys.length).toBe(2);
  });

  test('waits on where the machine refuses another process but others serve', async () => {
    const { clock, run, runtime } = openPool();
    const spec = fake();
    const first = run(spec, 1_000);
    await clock.advance(101);
    runtime.failure = { kind: 'no-instance', reason: 'EAGAIN' };
    const second = run(spec, 1);
    await clock.advance(1_200);
    await Promise.all([first, second]);
    expect(runtime.live.size).toBe(1);
  });
});

describe('retiring a function', () => {
  test('ends idle instances now and busy ones when they are done, and none of another function', async () => {
    const { acquire, clock, pool, runtime } = openPool();
    const [busy, idle, other] = [fake(), fake(), fake()];
    const acquired = [busy, idle, other].map((spec) => acquire(spec));
    // One after the other, where there are two cores.
    await clock.advance(500);
    const [lease, ...unused] = (await Promise.all(acquired)).map(leaseOf);
    for (const done of unused) done.release();
    for (const { account, functionName } of [busy, idle]) pool.retire(account, functionName);
    await clock.advance(1);
    expect([busy, idle, other].map(({ key }) => runtime.liveOf(key))).toEqual([1, 0, 1]);
    lease?.release();
    await clock.advance(1);
    expect([busy, idle, other].map(({ key }) => runtime.liveOf(key))).toEqual([0, 0, 1]);
  });

  test('in the middle of a start gives the waiting caller a new instance', async () => {
    const { acquire, clock, pool, runtime } = openPool();
    const spec = fake();
    const waiting = acquire(spec);
    await clock.advance(50);
    pool.retire(spec.account, spec.functionName);
    await clock.advance(200);
    expect((await waiting).kind).toBe('instance');
    expect(runtime.startedKeys.length).toBe(2);
  });
});

describe('closing', () => {
  test('answers who waits, stops what starts, ends what lives, and resolves when nothing is left', async () => {
    const { acquire, clock, pool, run, runtime } = openPool();
    const idle = run(fake(), 1);
    await clock.advance(105);
    await idle;
    runtime.endMs = 40;
    const waiting = acquire(fake());
    const closed = pool.close(1_000);
    expect(await waiting).toMatchObject({ kind: 'none', execution: { outcome: { kind: 'interrupted' } } });
    await clock.advance(40);
    await closed;
    expect(runtime.live.size).toBe(0);
    expect(await acquire(fake())).toMatchObject({ kind: 'none', execution: { outcome: { kind: 'interrupted' } } });
  });
});
