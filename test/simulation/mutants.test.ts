import { expect, test } from 'vitest';
import { MUTANTS } from './mutants/all-mutants.ts';
import { runSeed } from './run-seed.ts';

const SEEDS_MAX = 500;

test.each(MUTANTS)('finds $name: $breaks', async (mutant) => {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const { violations } = await runSeed(seed, { mutant });
    if (violations.length > 0) return;
  }
  expect.fail(`${mutant.name} lives on after ${SEEDS_MAX} seeds: the simulation is blind to it`);
});
