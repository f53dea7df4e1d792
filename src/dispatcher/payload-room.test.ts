import { describe, expect, it, vi } from 'vitest';
import { newTask } from '../core/task.fixture.ts';
import { MIB } from '../core/limits.ts';
import { settled } from './manual-clock.fixture.ts';
import { RETURNED, TestNode } from './node.fixture.ts';

const ACCOUNT = '1000000000000000';
const LARGE = new Uint8Array(MIB / 8);

async function leaveMany(node: TestNode, functionName: string, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const taskId = `${functionName}-${number}`;
    await node.leaveBehind(newTask({ account: ACCOUNT, functionName, taskId, nowMs: node.clock.now() }), LARGE);
  }
}

describe('the payloads of claimed tasks', () => {
  it('stay within 64 MiB, however many functions have large ones waiting', async () => {
    const node = new TestNode();
    const held = vi.spyOn(node.store, 'claim');
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await leaveMany(node, name, 200);
    await node.start();
    await node.advance(5_000);
    const claimed = await Promise.all(held.mock.results.map(({ value }) => value as Promise<readonly unknown[]>));
    expect(claimed.flat().length * LARGE.byteLength).toBeLessThanOrEqual(64 * MIB);
    expect(claimed.flat().length * LARGE.byteLength).toBeGreaterThan(48 * MIB);
  });

  it('stay within twice as much, however many functions have one each', async () => {
    const node = new TestNode();
    const held = vi.spyOn(node.store, 'claim');
    const names = Array.from({ length: 1_200 }, (_, number) => `f-${number}`);
    for (const name of names) await leaveMany(node, name, 1);
    await node.start();
    await node.advance(5_000);
    const claimed = await Promise.all(held.mock.results.map(({ value }) => value as Promise<readonly unknown[]>));
    expect(claimed.flat().length).toBe((128 * MIB) / LARGE.byteLength);
  });

  it('keep no other function from running', async () => {
    const node = new TestNode();
    for (const name of ['a', 'b', 'c']) await leaveMany(node, name, 256);
    await node.start();
    await node.advance(5_000);
    await node.leaveBehind(newTask({ account: ACCOUNT, functionName: 'waiting', nowMs: node.clock.now() }), LARGE);
    await node.advance(2_000);
    await node.accept({ functionName: 'new' }, { payload: LARGE });
    const names = new Set(node.pool.running.map(({ functionName }) => functionName));
    expect([...names].sort()).toEqual(['a', 'b', 'c', 'new', 'waiting']);
  });

  it('let more in as soon as some are gone', async () => {
    const node = new TestNode();
    for (const name of ['a', 'b', 'c']) await leaveMany(node, name, 256);
    await node.start();
    await node.advance(2_000);
    const before = node.pool.peak;
    for (const execution of node.pool.running.slice(0, 60)) execution.end(RETURNED);
    await settled();
    expect(node.pool.running.length).toBeGreaterThan(before - 60);
  });
});
