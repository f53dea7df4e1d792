import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { runSeed, type SeedResult } from './run-seed.ts';
import { COVERAGE_POINTS } from './world/coverage.ts';

const SEEDS = 1_000;

const regressions = JSON.parse(readFileSync(new URL('regressions.json', import.meta.url), 'utf8')) as {
  readonly seed: number;
  readonly found: string;
}[];

describe('a simulated cluster', () => {
  test.each(regressions)('does not fail again as with seed $seed: $found', async ({ seed }) => {
    expect(faultsOf(await runSeed(seed))).toEqual([]);
  });

  test(`keeps every promise in ${SEEDS} worlds, in which everything interesting happens`, async () => {
    const faults: string[] = [];
    const seen = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await runSeed(seed);
      faults.push(...faultsOf(result));
      for (const point of result.coverage.keys()) seen.add(point);
    }
    expect(faults).toEqual([]);
    expect(COVERAGE_POINTS.filter((point) => !seen.has(point))).toEqual([]);
  });

  test('goes the same way again for the same seed', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const [first, again] = [await runSeed(seed, { trace: true }), await runSeed(seed, { trace: true })];
      expect(again.trace).toEqual(first.trace);
      expect({ hash: again.hash, events: again.events }).toEqual({ hash: first.hash, events: first.events });
    }
  });

  test('goes another way for another seed', async () => {
    const hashes = new Set<number>();
    for (let seed = 1; seed <= 4; seed += 1) hashes.add((await runSeed(seed)).hash);
    expect(hashes.size).toBe(4);
  });

  test('asks the machine for neither time nor chance', async () => {
    const asked = [
      vi.spyOn(Date, 'now'),
      vi.spyOn(performance, 'now'),
      vi.spyOn(Math, 'random'),
      vi.spyOn(globalThis, 'setTimeout'),
      vi.spyOn(globalThis, 'setInterval'),
    ];
    try {
      await runSeed(1);
      expect(asked.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0, 0, 0]);
    } finally {
      for (const spy of asked) spy.mockRestore();
    }
  });
});

/** Each with the command that shows it again. */
function faultsOf({ seed, violations }: SeedResult): string[] {
  return violations.map((violation) => `${violation}; again: npm run simulate -- --seed ${seed} --trace`);
}
