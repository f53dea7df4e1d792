import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Execution } from '../core/outcome.ts';
import { decide } from '../core/decide.ts';
import { newTask } from '../core/task.fixture.ts';
import type { Task } from '../core/task.ts';
import type { InstanceInfo } from '../runtime/runtime.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { type Sharing, type Store, StoreUnavailable } from '../store/store.ts';
import { ManualClock, settled } from './manual-clock.fixture.ts';
import { RETURNED, TestNode } from './node.fixture.ts';

const KEY = { account: '1000000000000000', functionName: 'resize' };

interface Cluster {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly sharing: Sharing;
  readonly one: TestNode;
  readonly two: TestNode;
}

/** @param signals whether any arrive */
async function twoNodes({ signals = true, concurrencyMax = null as number | null } = {}): Promise<Cluster> {
  const clock = new ManualClock();
  const store = createMemoryStore({ now: () => clock.now(), shared: true });
  const { sharing } = store;
  if (sharing === null) throw new Error('the store is shared');
  if (!signals) vi.spyOn(sharing, 'onSignal').mockReturnValue(() => undefined);
  const [one, two] = [new TestNode({ clock, store, nodeId: 'one' }), new TestNode({ clock, store, nodeId: 'two' })];
  for (const node of [one, two]) {
    node.policies.set('resize', { concurrencyMax, disabled: false });
    await node.start();
  }
  onTestFinished(() => expect([...one.bugs, ...two.bugs]).toEqual([]));
  return { clock, store, sharing, one, two };
}

/** As the operation does it on a node that does not hold the task. */
async function stopElsewhere(store: Store, task: Task): Promise<void> {
  const now = await store.findTask(task);
  const decision = now && decide(now, { kind: 'stop' }, { nowMs: 0, random: 0 });
  if (decision?.kind !== 'go') throw new Error('it cannot be stopped');
  await store.apply([decision.transition]);
  await settled();
}

function callOf(node: TestNode, requestId: string): Promise<Execution> {
  const runnable = {
    ...KEY,
    qualifier: 'LATEST',
    versionId: '0',
    instanceKey: 'resize/0',
    settings: node.settings,
    policy: node.policyOf(KEY),
  };
  return node.dispatcher.invoke(runnable, {
    requestId,
    payload: new Uint8Array(),
    payloadForm: 'event',
    signal: new AbortController().signal,
  });
}

const unknownAfter =
  <In extends readonly unknown[]>(operation: (...input: In) => Promise<unknown>) =>
  async (...input: In): Promise<never> => {
    await operation(...input);
    throw new StoreUnavailable('no answer', { outcomeUnknown: true });
  };

describe('a stop that another node took', () => {
  it('ends the attempt as soon as its signal arrives', async () => {
    const { store, one } = await twoNodes();
    const task = await one.accept();
    await stopElsewhere(store, task);
    expect(one.pool.running[0]?.endReason()).toBe('stop');
  });

  it('ends it within half a second when the signal is lost', async () => {
    const { clock, store, one } = await twoNodes({ signals: false });
    const task = await one.accept();
    await stopElsewhere(store, task);
    expect(one.pool.running[0]?.endReason()).toBeUndefined();
    await clock.advance(500);
    expect(one.pool.running[0]?.endReason()).toBe('stop');
  });
});

describe('the limit of a function', () => {
  it('holds over both nodes, and what waits runs when there is room', async () => {
    const { clock, one, two } = await twoNodes({ concurrencyMax: 2 });
    for (let count = 0; count < 4; count += 1) await (count % 2 === 0 ? one : two).accept({ taskId: `t-${count}` });
    expect(one.pool.running.length + two.pool.running.length).toBe(2);
    const first = [...one.pool.running, ...two.pool.running][0];
    first?.end(RETURNED);
    await clock.advance(1_000);
    expect(one.pool.running.length + two.pool.running.length).toBe(2);
    expect(one.pool.peak + two.pool.peak).toBeLessThanOrEqual(3);
  });

  it('does not make a node ask again and again for what the other one blocks', async () => {
    const { clock, store, one, two } = await twoNodes({ concurrencyMax: 1 });
    await one.accept();
    await two.accept({ taskId: 'second' });
    const claim = vi.spyOn(store, 'claim');
    await clock.advance(10_000);
    expect(claim.mock.calls.length).toBeLessThan(50);
  });

  it('counts synchronous executions on both', async () => {
    const { one, two } = await twoNodes({ concurrencyMax: 1 });
    const running = callOf(one, 'a');
    await settled();
    await expect(callOf(two, 'b')).rejects.toMatchObject({ code: 'ResourceExhausted' });
    one.pool.running[0]?.end(RETURNED);
    await running;
    const next = callOf(two, 'c');
    await settled();
    two.pool.running[0]?.end(RETURNED);
    expect((await next).outcome).toEqual(RETURNED);
  });

  it('takes no synchronous execution on a node that has let go of everything: its lease ends next', async () => {
    const { one } = await twoNodes({ concurrencyMax: 1 });
    const running = callOf(one, 'a');
    await settled();
    const closed = one.dispatcher.close(10_000);
    one.pool.running[0]?.end(RETURNED);
    await running;
    await expect(callOf(one, 'b')).rejects.toMatchObject({ code: 'ResourceThrottled' });
    await closed;
    expect(one.pool.peak).toBe(1);
  });

  it('ends synchronous executions that count against it when the lease is lost', async () => {
    const { clock, store, one } = await twoNodes({ concurrencyMax: 1 });
    const running = callOf(one, 'a');
    await settled();
    vi.spyOn(store, 'renewLease').mockRejectedValue(new StoreUnavailable('the store is gone'));
    await clock.advance(20_000);
    expect(one.pool.running).toHaveLength(1);
    await clock.advance(2_000);
    expect(one.pool.running[0]?.endReason()).toBe('shutdown');
    one.pool.running[0]?.end({ kind: 'interrupted' });
    await running;
    await expect(callOf(one, 'b')).rejects.toThrow(StoreUnavailable);
  });

  it('is not used up by places whose taking was not answered', async () => {
    const { clock, sharing, one, two } = await twoNodes({ concurrencyMax: 1 });
    vi.spyOn(sharing, 'takePlace').mockImplementationOnce(unknownAfter(sharing.takePlace));
    await expect(callOf(one, 'a')).rejects.toThrow(StoreUnavailable);
    await expect(callOf(two, 'b')).rejects.toMatchObject({ code: 'ResourceExhausted' });
    await clock.advance(1_000);
    const next = callOf(two, 'c');
    await settled();
    expect(two.pool.running).toHaveLength(1);
    two.pool.running[0]?.end(RETURNED);
    await next;
  });
});

describe('a lost answer', () => {
  it('to a claim makes the node give back what it does not know of', async () => {
    const { clock, store, one, two } = await twoNodes();
    for (const node of [one, two]) node.pool.answer = () => RETURNED;
    vi.spyOn(store, 'claim').mockImplementationOnce(unknownAfter(store.claim.bind(store)));
    await one.leaveBehind(newTask({ taskId: 'left', nowMs: clock.now() }));
    await settled();
    expect(await one.read({ ...KEY, taskId: 'left' })).toMatchObject({ status: 'Dequeued' });
    await clock.advance(2_000);
    expect(await one.read({ ...KEY, taskId: 'left' })).toMatchObject({ status: 'Succeeded', fence: 2, attempt: 1 });
  });

  it('to an accept does the same, and no running task is given back', async () => {
    const { clock, store, one } = await twoNodes();
    const known = await one.accept({ taskId: 'known' });
    const claimed = one.dispatcher.reserve(newTask({ taskId: 'lost', requestId: 'lost', nowMs: clock.now() }), {
      concurrencyMax: null,
      disabled: false,
    });
    await store.accept([{ task: claimed, payload: new Uint8Array() }]);
    one.dispatcher.cancel(claimed, { isStoredPerhaps: true });
    await clock.advance(2_000);
    expect(await one.read(claimed)).toMatchObject({ fence: 2 });
    expect(await one.read(known)).toMatchObject({ status: 'Running', fence: 1 });
  });
});

describe('changes that another node made', () => {
  const write = (store: Store): Promise<string> =>
    store.writeRecords([
      { write: 'put', kind: 'function', path: [KEY.account, 'resize'], document: {}, expect: 'any' },
    ]);

  it('are forgotten one by one while signals arrive', async () => {
    const { store, one } = await twoNodes();
    one.forgotten.length = 0;
    await write(store);
    await settled();
    expect(one.forgotten).toContainEqual([{ kind: 'function', path: [KEY.account, 'resize'] }]);
    expect(one.forgotten).not.toContain(null);
  });

  it('make a node forget all within a second when signals are lost', async () => {
    const { clock, store, one } = await twoNodes({ signals: false });
    one.forgotten.length = 0;
    await write(store);
    await clock.advance(1_000);
    expect(one.forgotten).toContain(null);
    one.forgotten.length = 0;
    await clock.advance(5_000);
    expect(one.forgotten).not.toContain(null);
  });

  it.each([true, false])('end what runs of a function that was disabled so (signals: %s)', async (signals) => {
    const { clock, store, one } = await twoNodes({ signals });
    await one.accept();
    await one.accept({ functionName: 'other' });
    one.ending.add('resize');
    await write(store);
    if (!signals) await clock.advance(1_000);
    await settled();
    expect(one.pool.running.map((running) => running.endReason())).toEqual(['shutdown', undefined]);
  });

  it.each([true, false])('are not lost when the function cannot be read at first (signals: %s)', async (signals) => {
    const { clock, store, one } = await twoNodes({ signals });
    await one.accept();
    one.ending.add('resize');
    one.failingReads = 2;
    await write(store);
    await clock.advance(5_000);
    expect(one.pool.running.map((running) => running.endReason())).toEqual(['shutdown']);
  });

  it('are looked at as a whole when a signal was too long to name them', async () => {
    const clock = new ManualClock();
    const store = createMemoryStore({ now: () => clock.now(), shared: true });
    const { sharing } = store;
    if (sharing === null) throw new Error('the store is shared');
    const onSignal = vi.spyOn(sharing, 'onSignal');
    const one = new TestNode({ clock, store, nodeId: 'one' });
    await one.start();
    const version = (await sharing.recordsVersion()) + 1;
    vi.spyOn(sharing, 'recordsVersion').mockResolvedValue(version);
    one.forgotten.length = 0;
    for (const [hear] of onSignal.mock.calls) {
      hear({ kind: 'records', version, changed: [{ kind: 'function', path: [] }] });
    }
    await settled();
    expect(one.forgotten).toContain(null);
  });
});

describe('the instances of a function', () => {
  const instance = (instanceId: string): InstanceInfo => ({
    ...KEY,
    instanceId,
    versionId: '0',
    status: 'Running',
    createdAtMs: 1,
    destroyedAtMs: null,
  });

  it('are known on every node, until their node is gone', async () => {
    const { clock, one, two } = await twoNodes();
    one.pool.shown = [instance('c-1'), { ...instance('c-2'), functionName: 'other' }];
    two.pool.shown = [instance('c-3')];
    await clock.advance(1_000);
    const idsOn = async (node: TestNode) => (await node.dispatcher.instances(KEY)).map((info) => info.instanceId);
    expect([await idsOn(one), await idsOn(two)]).toEqual([
      ['c-1', 'c-3'],
      ['c-3', 'c-1'],
    ]);
    await one.dispatcher.close(0);
    expect(await idsOn(two)).toEqual(['c-3']);
  });
});

describe('the lease', () => {
  it('is asked for more often after a failure, so that a short one is not noticed', async () => {
    const { clock, store, one } = await twoNodes();
    await one.accept();
    const renewals = vi.spyOn(store, 'renewLease').mockRejectedValue(new StoreUnavailable('the store is gone'));
    await clock.advance(19_000);
    expect(renewals.mock.calls.filter(([nodeId]) => nodeId === 'one').length).toBeGreaterThan(5);
    renewals.mockRestore();
    await clock.advance(10_000);
    expect(one.pool.running[0]?.endReason()).toBeUndefined();
  });

  it('is taken up again after it was lost, and the node claims again', async () => {
    const { clock, store, one } = await twoNodes();
    const renewals = vi.spyOn(store, 'renewLease').mockRejectedValue(new StoreUnavailable('the store is gone'));
    await clock.advance(22_000);
    await one.accept();
    expect(one.pool.running).toEqual([]);
    renewals.mockRestore();
    await clock.advance(2_000);
    expect(one.pool.running).toHaveLength(1);
  });
});
