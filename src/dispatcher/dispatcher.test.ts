import { describe, expect, it, vi } from 'vitest';
import { decide } from '../core/decide.ts';
import { HOPS_MAX } from '../core/limits.ts';
import { newTask } from '../core/task.fixture.ts';
import { isFinal, type Task, type TaskStatus } from '../core/task.ts';
import { StoreUnavailable } from '../store/store.ts';
import { ManualClock, settled } from './manual-clock.fixture.ts';
import { configOf, RETURNED, TestNode, THREW } from './node.fixture.ts';

async function startedNode(): Promise<TestNode> {
  const node = new TestNode();
  await node.start();
  return node;
}

const statuses = (task: Task): TaskStatus[] => task.history.map((entry) => entry.status);

async function stop(node: TestNode, task: Task): Promise<void> {
  const now = await node.read(task);
  const decision = decide(now, { kind: 'stop' }, { nowMs: node.clock.now(), random: 0 });
  if (decision.kind !== 'go') throw new Error(`stop was ${decision.kind}`);
  await node.store.apply([decision.transition]);
  if (isFinal(decision.transition.task.status)) node.dispatcher.ended(decision.transition);
  else node.dispatcher.stop(now);
  await settled();
}

/** Each claim waits to be let go; `asked` has for how many tasks. */
function holdClaims(node: TestNode): { readonly asked: readonly number[]; letGo(): Promise<void> } {
  const asked: number[] = [];
  const gate = Promise.withResolvers<undefined>();
  const claim = node.store.claim.bind(node.store);
  vi.spyOn(node.store, 'claim').mockImplementation(async (requests, claimer) => {
    asked.push(...requests.map(({ limit }) => limit));
    await gate.promise;
    return await claim(requests, claimer);
  });
  return {
    asked,
    async letGo() {
      gate.resolve(undefined);
      await settled();
    },
  };
}

describe('running tasks', () => {
  it('costs an idle node two commits for a task: the claim is part of the accept', async () => {
    const node = await startedNode();
    node.pool.answer = () => RETURNED;
    const claim = vi.spyOn(node.store, 'claim');
    const apply = vi.spyOn(node.store, 'apply');
    const task = await node.accept();
    expect(await node.read(task)).toMatchObject({ status: 'Succeeded', attempt: 1, fence: 1 });
    expect(claim).not.toHaveBeenCalled();
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('writes an attempt down as Running once it has gone on for a while', async () => {
    const node = await startedNode();
    const task = await node.accept();
    expect((await node.read(task)).status).toBe('Dequeued');
    await node.advance(100);
    expect(await node.read(task)).toMatchObject({ status: 'Running', attempt: 1, instanceId: 'c-scripted' });
    node.pool.running[0]?.end(RETURNED);
    await settled();
    expect(statuses(await node.read(task))).toEqual(['Enqueued', 'Dequeued', 'Running', 'Succeeded']);
  });

  it('retries with backoff until the retries are used up', async () => {
    const node = await startedNode();
    node.pool.answer = () => THREW;
    const task = await node.accept({ config: configOf({ maxAsyncRetryAttempts: 2 }) });
    expect(await node.read(task)).toMatchObject({ status: 'Retrying', retryCount: 1 });
    await node.advance(249);
    expect((await node.read(task)).attempt).toBe(1);
    await node.advance(1);
    expect((await node.read(task)).attempt).toBe(2);
    await node.advance(500);
    expect(await node.read(task)).toMatchObject({ status: 'Failed', attempt: 3, retryCount: 2 });
  });

  it('starts a delayed task when it is due, though later ones ran before', async () => {
    const node = await startedNode();
    node.pool.answer = () => RETURNED;
    const delayed = await node.accept({ delayMs: 3_000 });
    const later = await node.accept();
    expect((await node.read(later)).status).toBe('Succeeded');
    await node.advance(2_999);
    expect((await node.read(delayed)).status).toBe('Enqueued');
    await node.advance(1);
    expect((await node.read(delayed)).status).toBe('Succeeded');
  });

  it('never runs more of a function at once than its limit', async () => {
    const node = await startedNode();
    node.policies.set('resize', { concurrencyMax: 2, disabled: false });
    const tasks = await Promise.all([1, 2, 3, 4, 5].map(() => node.accept()));
    while (node.pool.running.length > 0) {
      expect(node.pool.running.length).toBeLessThanOrEqual(2);
      node.pool.running[0]?.end(RETURNED);
      await settled();
    }
    expect(node.pool.peak).toBe(2);
    for (const task of tasks) expect((await node.read(task)).status).toBe('Succeeded');
  });

  it('claims a new task with its acceptance though a few others are only being claimed', async () => {
    const node = await startedNode();
    node.policies.set('resize', { concurrencyMax: 3, disabled: false });
    for (let started = 0; started < 3; started += 1) await node.accept();
    const waiting = await node.accept();
    expect((await node.read(waiting)).status).toBe('Enqueued');
    const claims = holdClaims(node);

    for (const execution of node.pool.running.slice(0, 2)) execution.end(RETURNED);
    await settled();
    expect(claims.asked).toEqual([1]);
    const late = await node.accept();
    expect((await node.read(late)).status).toBe('Dequeued');

    await claims.letGo();
    expect((await node.read(waiting)).status).toBe('Dequeued');
    expect(claims.asked).toEqual([1]);
  });

  it('lets no new task before a backlog of unknown length', async () => {
    const node = await startedNode();
    node.policies.set('resize', { concurrencyMax: 2, disabled: false });
    await node.accept();
    for (const taskId of ['old-1', 'old-2'])
      await node.leaveBehind(newTask({ taskId, requestId: taskId, nowMs: node.clock.now() }));
    const claims = holdClaims(node);
    await node.advance(1_000);
    node.pool.running[0]?.end(RETURNED);
    await settled();
    expect(claims.asked).toEqual([1]);
    const late = await node.accept();
    expect((await node.read(late)).status).toBe('Enqueued');

    await claims.letGo();
    expect(node.pool.running.map(({ invocation }) => invocation.requestId)).toEqual(['old-1', 'old-2']);
    expect((await node.read(late)).status).toBe('Enqueued');
  });

  it('keeps a bounded part of a large backlog in the process, and still serves another function at once', async () => {
    const node = await startedNode();
    node.pool.slots = 4;
    for (let index = 0; index < 600; index += 1) void node.accept({ functionName: 'noisy' });
    await settled();
    const inProcess = await node.store.countTasks();
    const dequeued = inProcess.find(({ status }) => status === 'Dequeued')?.count ?? 0;
    expect(dequeued).toBeLessThanOrEqual(256);
    const quiet = await node.accept({ functionName: 'quiet' });
    // Its claim did not wait for the backlog; the instance is the pool's to share out.
    expect((await node.read(quiet)).status).toBe('Dequeued');
    node.pool.slots = Number.POSITIVE_INFINITY;
    node.pool.answer = () => RETURNED;
    while (node.pool.running.length > 0) {
      node.pool.running[0]?.end(RETURNED);
      await settled();
    }
    await node.advance(2_000);
    expect((await node.read(quiet)).status).toBe('Succeeded');
    expect(await node.store.countTasks()).toEqual([]);
  });
});

describe('ending tasks otherwise', () => {
  it('aborts a running task that is stopped, and records Stopped when it is gone', async () => {
    const node = await startedNode();
    const task = await node.accept();
    await node.advance(100);
    await stop(node, task);
    expect((await node.read(task)).status).toBe('Stopping');
    expect(node.pool.running[0]?.endReason()).toBe('stop');
    node.pool.running[0]?.end({ kind: 'stopped' });
    await settled();
    expect(statuses(await node.read(task))).toEqual(['Enqueued', 'Dequeued', 'Running', 'Stopping', 'Stopped']);
  });

  it('records Stopped even when the function returns before it could be ended', async () => {
    const node = await startedNode();
    const task = await node.accept();
    await stop(node, task);
    node.pool.running[0]?.end(RETURNED);
    await settled();
    expect((await node.read(task)).status).toBe('Stopped');
  });

  it('leaves an attempt alone when a stop is about a later claim of its task', async () => {
    const node = await startedNode();
    const task = await node.accept();
    await settled();
    const now = await node.read(task);
    node.dispatcher.stop({ ...now, fence: now.fence + 1 });
    expect(node.pool.running[0]?.endReason()).toBeUndefined();
    node.dispatcher.stop(now);
    expect(node.pool.running[0]?.endReason()).toBe('stop');
  });

  it('stops a claimed task that still waits for an instance, and never starts it', async () => {
    const node = await startedNode();
    node.pool.slots = 0;
    const task = await node.accept();
    await stop(node, task);
    expect(await node.read(task)).toMatchObject({ status: 'Stopped', attempt: 0 });
  });

  it('expires what waits in the store and what waits for an instance, and leaves what runs', async () => {
    const node = await startedNode();
    const config = configOf({ maxAsyncEventAgeInSeconds: 5 });
    const running = await node.accept({ config });
    node.pool.slots = 0;
    const unstarted = await node.accept({ config });
    const delayed = await node.accept({ config, delayMs: 60_000 });
    await node.advance(7_000);
    for (const task of [unstarted, delayed]) {
      expect(await node.read(task)).toMatchObject({ status: 'Expired', attempt: 0, error: 'EventAgeExceeded' });
    }
    expect((await node.read(running)).status).toBe('Running');
  });

  it('ends a task as Invalid when its function is gone', async () => {
    const node = await startedNode();
    const task = await node.accept({ delayMs: 1_000 });
    node.gone.add('resize');
    node.dispatcher.changed(task);
    await node.advance(2_000);
    expect(await node.read(task)).toMatchObject({ status: 'Invalid', error: 'FunctionNotFound', attempt: 0 });
  });

  it('holds the tasks of a disabled function back until it is enabled', async () => {
    const node = await startedNode();
    node.pool.answer = () => RETURNED;
    const task = await node.accept({ delayMs: 1_000 });
    node.policies.set('resize', { concurrencyMax: null, disabled: true });
    node.dispatcher.changed(task);
    await node.advance(5_000);
    expect((await node.read(task)).attempt).toBe(0);
    node.policies.delete('resize');
    node.dispatcher.changed(task);
    await node.advance(2_000);
    expect((await node.read(task)).status).toBe('Succeeded');
  });
});

describe('losing things', () => {
  it('rescues at its start what an earlier node held', async () => {
    const node = new TestNode();
    node.pool.answer = () => RETURNED;
    const dead = new TestNode({ clock: node.clock, store: node.store, nodeId: 'node-0' });
    await dead.start();
    const held = await dead.accept();
    await dead.advance(100);
    expect((await node.read(held)).owner).toBe('node-0');
    await node.store.endLease('node-0');
    await node.start();
    await node.advance(2_000);
    const task = await node.read(held);
    expect(statuses(task)).toEqual(['Enqueued', 'Dequeued', 'Running', 'Retrying', 'Dequeued', 'Running', 'Succeeded']);
    expect(task).toMatchObject({ attempt: 2, retryCount: 0, lostCount: 1 });
  });

  it('lets a late outcome of an older claim lose', async () => {
    const clock = new ManualClock();
    const late = new TestNode({ clock, nodeId: 'node-0' });
    await late.start();
    const task = await late.accept();
    await late.advance(100);
    await late.store.endLease('node-0');
    const next = new TestNode({ clock, store: late.store, nodeId: 'node-1' });
    await next.start();
    await next.advance(2_000);
    late.pool.running[0]?.end(THREW);
    await settled();
    expect(await next.read(task)).toMatchObject({ status: 'Running', owner: 'node-1', retryCount: 0 });
    next.pool.running[0]?.end(RETURNED);
    await settled();
    expect((await next.read(task)).status).toBe('Succeeded');
  });

  it('offers an outcome again while the store cannot take it', async () => {
    const node = await startedNode();
    const task = await node.accept();
    const apply = vi.spyOn(node.store, 'apply').mockRejectedValueOnce(new StoreUnavailable('the disk is full'));
    node.pool.running[0]?.end(RETURNED);
    await settled();
    expect((await node.read(task)).status).toBe('Dequeued');
    await node.advance(1_000);
    expect((await node.read(task)).status).toBe('Succeeded');
    expect(apply).toHaveBeenCalledTimes(2);
  });

  it('ends what runs before a lease that cannot be renewed runs out', async () => {
    const node = await startedNode();
    await node.accept();
    vi.spyOn(node.store, 'renewLease').mockRejectedValue(new StoreUnavailable('unreachable'));
    await node.advance(20_000);
    expect(node.pool.running[0]?.endReason()).toBeUndefined();
    await node.advance(9_000);
    expect(node.pool.running[0]?.endReason()).toBe('shutdown');
  });

  it('reports a bug instead of going on without a duty', async () => {
    const node = await startedNode();
    const bug = new TypeError('not a function');
    vi.spyOn(node.store, 'findExpired').mockRejectedValueOnce(bug);
    await node.advance(3_000);
    expect(node.bugs).toEqual([bug]);
  });

  it('gives back at its end what did not start, and waits for what runs', async () => {
    const node = await startedNode();
    const running = await node.accept();
    node.pool.slots = 0;
    const waiting = await node.accept();
    const closed = node.dispatcher.close(10_000);
    await settled();
    expect(await node.read(waiting)).toMatchObject({ status: 'Retrying', attempt: 0, lostCount: 0 });
    node.pool.running[0]?.end(RETURNED);
    await closed;
    expect((await node.read(running)).status).toBe('Succeeded');
  });

  it('interrupts what outlasts the grace and gives it back uncounted', async () => {
    const node = await startedNode();
    const task = await node.accept();
    const closed = node.dispatcher.close(10_000);
    await node.advance(10_000);
    expect(node.pool.running[0]?.endReason()).toBe('shutdown');
    node.pool.running[0]?.end({ kind: 'interrupted' });
    await closed;
    expect(await node.read(task)).toMatchObject({ status: 'Retrying', retryCount: 0, lostCount: 0, owner: null });
  });
});

describe('ending while the store is away', () => {
  const away = new StoreUnavailable('the store is gone');

  it('waits for it no longer than the grace, and ends', async () => {
    const node = await startedNode();
    await node.accept();
    vi.spyOn(node.store, 'apply').mockRejectedValue(away);
    vi.spyOn(node.store, 'endLease').mockRejectedValue(away);
    let isClosed = false;
    const closed = node.dispatcher.close(10_000).then(() => (isClosed = true));
    node.pool.running[0]?.end(RETURNED);
    await node.advance(9_000);
    expect(isClosed).toBe(false);
    await node.advance(2_000);
    await closed;
    expect(node.bugs).toEqual([]);
  });

  it('writes within the grace what it can when it comes back', async () => {
    const node = await startedNode();
    const task = await node.accept();
    const apply = vi.spyOn(node.store, 'apply').mockRejectedValue(away);
    const closed = node.dispatcher.close(10_000);
    node.pool.running[0]?.end(RETURNED);
    await node.advance(5_000);
    apply.mockRestore();
    await node.advance(1_000);
    await closed;
    expect((await node.read(task)).status).toBe('Succeeded');
  });
});

describe('delivering', () => {
  const config = configOf({ onSuccess: 'acs:fc:::functions/next', onFailure: 'acs:fc:::functions/alarm' });

  it('starts a task of the destination with the result document, and says that it was delivered', async () => {
    const node = await startedNode();
    const payloads: unknown[] = [];
    node.pool.answer = (functionName, { payload }) => {
      if (functionName === 'next') payloads.push(JSON.parse(new TextDecoder().decode(payload)));
      return RETURNED;
    };
    const task = await node.accept({ config });
    await node.advance(100);
    expect((await node.read(task)).destinationStatus).toBe('Succeeded');
    expect(payloads).toMatchObject([{ requestPayload: task.taskId, responsePayload: 'ok' }]);
  });

  it('says that the delivery failed when the destination does not exist', async () => {
    const node = await startedNode();
    node.gone.add('alarm');
    const task = await node.accept({ config, delayMs: 5_000 });
    await stop(node, task);
    await node.advance(2_000);
    expect(await node.read(task)).toMatchObject({ status: 'Stopped', destinationStatus: 'Failed' });
  });

  it('cuts a function that delivers to itself after 16 deliveries', async () => {
    const node = await startedNode();
    let runs = 0;
    node.pool.answer = () => {
      runs += 1;
      return RETURNED;
    };
    const self = configOf({ onSuccess: 'acs:fc:::functions/resize' });
    node.configs.set('resize', self);
    await node.accept({ config: self });
    await node.advance(60_000);
    expect(runs).toBe(1 + HOPS_MAX);
  });
});
