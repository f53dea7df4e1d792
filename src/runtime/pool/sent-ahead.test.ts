import { expect, test } from 'vitest';
import type { InstanceLease, InstanceSpec, Urgency } from '../runtime.ts';
import { invoke, specOf } from '../runtime.fixture.ts';
import { FakeClock, FakeRuntime, settled } from './fake-runtime.fixture.ts';
import { InstancePool } from './instance-pool.ts';

async function openWarmPool({ runMs = 1, aheadMax = 16 } = {}) {
  const clock = new FakeClock();
  const runtime = new FakeRuntime(clock);
  runtime.aheadMax = aheadMax;
  const pool = new InstancePool({
    runtimes: [runtime],
    clock,
    newInstanceId: () => 'i-1',
    idleMs: 60_000,
    instancesMax: 1,
    cores: 2,
  });
  const spec: InstanceSpec = specOf({ runtime: 'fake' });
  const leases: InstanceLease[] = [];

  /** Asks for an instance; `leases` has it when there is one. */
  function ask(urgency: Urgency = 'async'): void {
    void pool
      .acquire(spec, { urgency, ahead: urgency === 'async', signal: new AbortController().signal })
      .then((acquired) => {
        if (acquired.kind === 'instance') leases.push(acquired.lease);
      });
  }

  ask();
  await clock.advance(100);
  const first = leases.shift() ?? fail();
  const ran = invoke(first, { event: String(runMs) }).then(() => undefined);
  await clock.advance(runMs);
  await ran;
  return { ask, leases, first, clock };
}

function fail(): never {
  throw new Error('no lease');
}

test.each([
  [1, 16, 4],
  [2, 16, 2],
  [5, 16, 0],
  [1, 3, 3],
  [1, 0, 0],
])('executions of %i ms at an instance that takes %i are sent ahead %i at a time', async (runMs, aheadMax, ahead) => {
  const { ask, leases } = await openWarmPool({ runMs, aheadMax });
  for (let index = 0; index < 20; index += 1) ask();
  await settled();
  // The lease of the first run was not given back.
  expect(leases.length).toBe(ahead);
});

test('a lease says whether its instance has still to come to what it is sent', async () => {
  const { ask, leases, first } = await openWarmPool();
  ask();
  await settled();
  leases[0]?.release();
  first.release();
  ask();
  await settled();
  expect([first, ...leases].map(({ isBusy }) => isBusy)).toEqual([false, true, false]);
});

test('a synchronous caller is never sent ahead, and gets the next free slot before those that could be', async () => {
  const { ask, leases } = await openWarmPool();
  for (let index = 0; index < 4; index += 1) ask();
  await settled();
  ask('sync');
  ask();
  await settled();
  expect(leases.length).toBe(4);
  leases[0]?.release();
  await settled();
  expect(leases.length, 'the sync caller still waits, and nobody overtakes it').toBe(4);
});
