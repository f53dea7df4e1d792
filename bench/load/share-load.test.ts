import { expect, test } from 'vitest';
import type { Added, Load } from '../contender.ts';
import { shareLoad } from './share-load.ts';

test('every task and connection is given to one node, and the time is from the first request to the last answer', async () => {
  const given: Load[] = [];
  const node =
    (startedAtMs: number, seconds: number) =>
    async (load: Load): Promise<Added> => {
      given.push(load);
      return { startedAtMs, seconds, latenciesMs: new Float64Array(load.count).fill(startedAtMs) };
    };
  const load = { count: 100, connections: 64, payloadBytes: 10 };
  const added = await shareLoad(load, [node(1_010, 1), node(1_000, 0.5), node(1_020, 1.98)]);

  expect(given.map(({ count, connections }) => [count, connections])).toEqual([
    [33, 21],
    [33, 21],
    [34, 22],
  ]);
  expect(added).toMatchObject({ startedAtMs: 1_000, seconds: 2 });
  expect(added.latenciesMs).toHaveLength(100);
});
