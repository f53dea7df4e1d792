import { expect, test } from 'vitest';
import { withStore } from '../conformance/workbench.ts';
import { openTemporaryStore } from './temporary-store.fixture.ts';

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, '0')}`);

test('a prefix that many names have gives its tasks in the order of time, near to the page or far behind others', () =>
  withStore(openTemporaryStore, async (bench) => {
    // More of each than are sorted by name, or looked at in the order of time, at the first try.
    const [early, late] = [names('early', 2_100), names('late', 1_100)];
    await Promise.all(early.map((taskId, index) => bench.accept(taskId, { nowMs: 1_000 + Math.floor(index / 7) })));
    await Promise.all(late.map((taskId, index) => bench.accept(taskId, { nowMs: 5_000 + Math.floor(index / 7) })));

    const page = { idPrefix: 'early-', limit: 300 } as const;
    expect(await bench.listAll({ ...page, order: 'oldest-first' })).toEqual(early);
    expect(await bench.listAll({ ...page, order: 'newest-first' })).toEqual(early.toReversed());
    expect(await bench.listAll({ ...page, order: 'newest-first', status: 'Succeeded' })).toEqual([]);
  })());
