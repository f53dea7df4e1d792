/** Each single write to the files of the database finds no room once: the server refuses what needs it, and goes on. */
import { missingStrace } from '../power/recording.ts';
import { type Aftermath, callOfRound, type FailedCall, runFailedCall } from './failed-call.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

/** As many as a run makes, counted on one without faults and rounded up; beyond the last a trial is none. */
const WRITES = 150;

const EVERY_WRITE: readonly FailedCall[] = Array.from({ length: WRITES }, (_, index) => ({
  name: 'pwrite64',
  nth: index + 1,
  error: 'ENOSPC',
}));

export const full: FaultFamily = {
  name: 'full',
  promise: 'a write that finds no room is refused and loses nothing, and the server goes on',
  trials: 'failed writes',
  rounds: { commit: 2, nightly: 40, release: EVERY_WRITE.length },
  missing: missingStrace,
  run,
};

async function run(round: Round): Promise<RoundReport> {
  return await runFailedCall(callOfRound(EVERY_WRITE, round), round, endsForWantOfRoom);
}

/** A start may be refused: nobody waits for a task of it yet. */
function endsForWantOfRoom({ injected, wasReady, exitCode }: Aftermath): string | undefined {
  if (injected === undefined || !wasReady || exitCode === 0) return undefined;
  return `the server ended with ${exitCode} after ${injected}`;
}
