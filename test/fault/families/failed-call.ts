/** A server of whose calls to the files of the database a single one fails, and what it then does. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { Server } from '../../support/server.ts';
import { Life } from '../life.ts';
import type { Round, RoundReport } from './family.ts';

export interface FailedCall {
  /** Of the system. */
  readonly name: string;
  /** From 1, in each thread by itself. */
  readonly nth: number;
  readonly error: 'EIO' | 'ENOSPC';
}

export interface Aftermath {
  /** strace's line of the call; undefined when the server never came to it. */
  readonly injected: string | undefined;
  readonly wasReady: boolean;
  /** 'none' when it had to be killed. */
  readonly exitCode: number | null | 'none';
}

const SUBMISSIONS = 12;
/** Ends a trial whose server neither serves nor ends; that is a failure. */
const TRIAL_MAX_MS = 60_000;

/** @param judge says what is wrong with what the server did; that nothing is lost is seen to here */
export async function runFailedCall(
  call: FailedCall,
  { seed, number, progress }: Round,
  judge: (aftermath: Aftermath) => string | undefined,
): Promise<RoundReport> {
  progress?.(`${call.name} number ${call.nth} fails with ${call.error}`);
  const life = await Life.begin({ random: new SeededRandom(seed + number), mayRefuse: true });
  const log = join(life.folder, 'strace.log');
  const ended = await underFault(life, strace(life, call, log));
  const injected = readFileSync(log, 'utf8')
    .split('\n')
    .find((line) => line.includes('(INJECTED)'));
  rmSync(log);
  const stuck = ended.exitCode === 'none' ? 'the server neither served nor ended' : undefined;
  const wrong = stuck ?? judge({ ...ended, injected });
  const verdict = await life.end();
  const broken = [...(wrong === undefined ? [] : [wrong]), ...verdict.broken];
  const counts = { endedByIt: injected !== undefined && ended.exitCode !== 0 ? 1 : 0 };
  const named = broken.map((fault) => `${call.name} ${call.nth}: ${fault}`);
  return { trials: injected === undefined ? 0 : 1, broken: named, folder: life.folder, counts };
}

/** Each round has another one, in an order that the seed determines. */
export function callOfRound(calls: readonly FailedCall[], { seed, number }: Round): FailedCall {
  const random = new SeededRandom(seed);
  const order = calls.map((call) => ({ call, at: random.next() })).sort((a, b) => a.at - b.at);
  const chosen = order[(number - 1) % order.length];
  if (chosen === undefined) throw new Error('there is a call for each round');
  return chosen.call;
}

/** Counts and fails calls on the files of the database alone, in each thread by itself. */
function strace({ dataDir }: Life, { name, nth, error }: FailedCall, log: string): readonly string[] {
  const files = ['', '/meanwhile.db', '/meanwhile.db-wal', '/meanwhile.db-shm', '/meanwhile.db-journal'];
  return [
    ...['strace', '-D', '-f', '--seccomp-bpf', '-y', '-s', '0', '-qq', '-e', 'signal=none', '-o', log],
    ...files.flatMap((file) => ['-P', `${dataDir}${file}`]),
    ...['-e', `trace=${name}`, '-e', `inject=${name}:error=${error}:when=${nth}`],
  ];
}

async function underFault(life: Life, under: readonly string[]): Promise<Omit<Aftermath, 'injected'>> {
  let server: Server;
  try {
    server = await life.start({}, under);
  } catch (error) {
    return { wasReady: false, exitCode: String(error).includes('before it was ready') ? 1 : 'none' };
  }
  const deadline = Date.now() + TRIAL_MAX_MS;
  try {
    await life.deploy(server);
    const done = () => life.load.submissions.length >= SUBMISSIONS || Date.now() > deadline;
    await life.load.run(server.host, done);
  } catch {
    // It refuses, or is gone.
  }
  server.signal('SIGTERM');
  const timer = setTimeout(() => server.signal('SIGKILL'), TRIAL_MAX_MS);
  const exitCode = await server.gone();
  clearTimeout(timer);
  return { wasReady: true, exitCode: exitCode ?? 'none' };
}
