/** A thread that runs seeds for `scripts/simulate.ts`: from one seed, in steps, until it is ended or done. */
import { parentPort, workerData } from 'node:worker_threads';
import { MUTANTS } from './mutants/all-mutants.ts';
import { NO_MUTANT } from './mutants/mutant.ts';
import { runSeed } from './run-seed.ts';
import { COVERAGE_POINTS } from './world/coverage.ts';

export interface SeedOrder {
  readonly from: number;
  readonly count: number;
  /** Every so many seeds; the other threads run those between. */
  readonly step: number;
  readonly trace: boolean;
  /** Empty for the engine as it is. */
  readonly mutant: string;
}

/** Read by name, so that a script need not import anything of a test. */
const order = workerData as SeedOrder;

const mutant = MUTANTS.find(({ name }) => name === order.mutant);
if (order.mutant !== '' && mutant === undefined) {
  throw new Error(`there is no mutant '${order.mutant}'; there are ${MUTANTS.map(({ name }) => name).join(', ')}`);
}

parentPort?.postMessage({ points: COVERAGE_POINTS });
for (let index = 0; index < order.count; index += 1) {
  const seed = order.from + index * order.step;
  parentPort?.postMessage({ result: await runSeed(seed, { mutant: mutant ?? NO_MUTANT, trace: order.trace }) });
}
