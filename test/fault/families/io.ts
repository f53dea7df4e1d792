/** Each single call to the files of the database fails once, as a bad disk makes it fail. */
import { missingStrace } from '../power/recording.ts';
import { type Aftermath, callOfRound, type FailedCall, runFailedCall } from './failed-call.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

/** How many of each call the run makes, counted on one without faults and rounded up; beyond its last a trial is none. */
const CALLS = {
  pwrite64: 150,
  fsync: 50,
  pread64: 30,
  openat: 15,
  ftruncate: 3,
  unlink: 3,
  fdatasync: 2,
  mmap: 2,
};
/** After these what is on the disk is not known, and nothing may be acknowledged any more. */
const ENDS_THE_SERVER = new Set(['pwrite64', 'fsync', 'fdatasync', 'pread64']);

const EVERY_CALL: readonly FailedCall[] = Object.entries(CALLS).flatMap(([name, count]) =>
  Array.from({ length: count }, (_, index) => ({ name, nth: index + 1, error: 'EIO' as const })),
);

export const io: FaultFamily = {
  name: 'io',
  promise: 'after an I/O error nothing is acknowledged that could be lost, and the next start finds everything',
  trials: 'failed calls',
  rounds: { commit: 4, nightly: 60, release: EVERY_CALL.length },
  missing: missingStrace,
  run,
};

async function run(round: Round): Promise<RoundReport> {
  const call = callOfRound(EVERY_CALL, round);
  return await runFailedCall(call, round, ({ injected, exitCode }: Aftermath) =>
    injected !== undefined && exitCode === 0 && mustEnd(call, injected)
      ? `the server went on after ${injected}`
      : undefined,
  );
}

/**
 * The index of the log holds nothing that is not in the log; what fails there fails the call that met it, and is made anew.
 * SQLite goes on after a sync of the folder that failed; the server's own one follows it before anything is served.
 */
function mustEnd({ name }: FailedCall, injected: string): boolean {
  return ENDS_THE_SERVER.has(name) && !injected.includes('meanwhile.db-shm>') && !injected.includes('/data>');
}
