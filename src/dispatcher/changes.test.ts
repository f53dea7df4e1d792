import { describe, expect, it, vi } from 'vitest';
import { newTask } from '../core/task.fixture.ts';
import type { TaskStatus } from '../core/task.ts';
import { settled } from './manual-clock.fixture.ts';
import { RETURNED, TestNode } from './node.fixture.ts';

const ENABLED = { concurrencyMax: null, disabled: false };
const DISABLED = { concurrencyMax: null, disabled: true };
const KEY = { account: '1000000000000000', functionName: 'resize' };

async function nodeWithoutSlots(): Promise<TestNode> {
  const node = new TestNode();
  node.pool.slots = 0;
  await node.start();
  return node;
}

async function giveSlots(node: TestNode): Promise<void> {
  // As a pool does that has an instance again: who waits is told one by one.
  node.pool.offer(100);
  await settled();
}

async function statusOf(node: TestNode, taskId: string): Promise<TaskStatus> {
  return (await node.read({ ...KEY, taskId })).status;
}

describe('an accept that read the policy before it changed', () => {
  it('does not make the node claim again and again for a function that is disabled', async () => {
    const node = new TestNode();
    await node.start();
    node.policies.set('resize', DISABLED);
    node.dispatcher.limitsChanged(KEY);
    const task = await node.accept({}, { policy: ENABLED });
    await node.advance(10_000);
    expect(node.pool.running).toEqual([]);
    expect((await node.read(task)).history.length).toBeLessThan(4);
    node.policies.set('resize', ENABLED);
    node.dispatcher.limitsChanged(KEY);
    await settled();
    expect(node.pool.running).toHaveLength(1);
  });

  it('does not lift a limit that was set meanwhile', async () => {
    const node = new TestNode();
    await node.start();
    node.policies.set('resize', { concurrencyMax: 2, disabled: false });
    node.dispatcher.limitsChanged(KEY);
    await Promise.all(Array.from({ length: 20 }, () => node.accept({}, { policy: ENABLED })));
    await node.advance(1_000);
    expect(node.pool.running).toHaveLength(2);
    for (let ended = 0; ended < 20; ended += 1) {
      node.pool.running[0]?.end(RETURNED);
      await node.advance(1_000);
    }
    expect(node.pool.peak).toBe(2);
    expect(await statusOf(node, 'task-20')).toBe('Succeeded');
  });
});

describe('a task that waits for an instance', () => {
  it('does not run when its function is disabled meanwhile, and does when it is enabled again', async () => {
    const node = await nodeWithoutSlots();
    const task = await node.accept();
    node.policies.set('resize', DISABLED);
    node.dispatcher.changed(KEY);
    await giveSlots(node);
    expect(node.pool.running).toEqual([]);
    expect((await node.read(task)).status).toBe('Retrying');
    node.policies.set('resize', ENABLED);
    node.dispatcher.changed(KEY);
    await node.advance(1_000);
    expect(node.pool.running).toHaveLength(1);
  });

  it('ends as Invalid when its function is deleted meanwhile', async () => {
    const node = await nodeWithoutSlots();
    const task = await node.accept();
    node.gone.add('resize');
    node.dispatcher.changed(KEY);
    await giveSlots(node);
    expect((await node.read(task)).status).toBe('Invalid');
  });

  it('does not run beside more than a limit that fell meanwhile', async () => {
    const node = await nodeWithoutSlots();
    await Promise.all(Array.from({ length: 8 }, () => node.accept()));
    node.policies.set('resize', { concurrencyMax: 1, disabled: false });
    node.dispatcher.limitsChanged(KEY);
    await giveSlots(node);
    await node.advance(1_000);
    expect(node.pool.peak).toBe(1);
  });

  it('runs the code that its function has by then', async () => {
    const node = await nodeWithoutSlots();
    await node.accept();
    node.revision = 2;
    node.dispatcher.changed(KEY);
    await giveSlots(node);
    expect(node.pool.running.map(({ key }) => key)).toEqual(['resize/2']);
  });
});

describe('a due task that is too old', () => {
  it('is not asked for again and again until it is expired', async () => {
    const node = new TestNode();
    const claim = vi.spyOn(node.store, 'claim');
    vi.spyOn(node.store, 'findExpired').mockResolvedValue([]);
    await node.start();
    await node.leaveBehind(newTask({ ...KEY, nowMs: node.clock.now() - 900_000_000 }));
    await node.advance(10_000);
    expect(claim.mock.calls.length).toBeLessThan(25);
  });
});
