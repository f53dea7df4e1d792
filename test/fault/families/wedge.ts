/** A server that is alive and does nothing: it must say so, end itself, and go on after the next start. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import { RawClient } from '../../support/raw-client.ts';
import type { Server } from '../../support/server.ts';
import { until } from '../../support/until.ts';
import { readLedger } from '../evidence/ledgers.ts';
import { Life } from '../life.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, '../wedge/hang-preload.ts')).href;
/** For the store longer than it may keep calls waiting before health is red. */
const HANG_SECONDS = { loop: 3, commit: 12, read: 12 };
const KINDS = ['loop', 'commit', 'read'] as const;
type Kind = (typeof KINDS)[number];
/** Generous: it ends a round whose server does not end. */
const END_MAX_MS = 60_000;

export const wedge: FaultFamily = {
  name: 'wedge',
  promise: 'a server that stands still turns red, ends itself, and loses nothing',
  trials: 'standstills',
  rounds: { commit: 1, nightly: 6, release: 20 },
  run,
};

async function run({ seed, number, progress }: Round): Promise<RoundReport> {
  progress?.(`${KINDS.join(', ')} hang, each of its server`);
  // At once, because most of a trial is waiting: a third of the time.
  const trials = await Promise.all(KINDS.map((kind, index) => trial(kind, new SeededRandom(seed + number + index))));
  const submissions = trials.reduce((sum, { life }) => sum + life.load.submissions.length, 0);
  const broken = trials.flatMap(({ faults }) => faults);
  const folder = trials.find(({ faults }) => faults.length > 0)?.life.folder;
  return { trials: KINDS.length, broken, ...(folder !== undefined && { folder }), counts: { submissions } };
}

async function trial(kind: Kind, random: SeededRandom): Promise<{ life: Life; faults: readonly string[] }> {
  const life = await Life.begin({ random });
  const faults = await hang(life, kind);
  const verdict = await life.end();
  return { life, faults: [...faults, ...verdict.broken].map((fault) => `${kind}: ${fault}`) };
}

async function hang(life: Life, kind: Kind): Promise<string[]> {
  const trigger = join(life.folder, `hang-${kind}`);
  const server = await life.start({
    NODE_OPTIONS: `--import=${PRELOAD}`,
    FAULT_HANG: `${kind}@${trigger}`,
    MEANWHILE_HANG_SECONDS: String(HANG_SECONDS[kind]),
  });
  await life.deploy(server);
  const before = readLedger(life.ledger).length;
  let gone = false;
  const running = life.load.run(server.host, () => gone);
  await until('tasks run', () => readLedger(life.ledger).length > before + 10);
  writeFileSync(trigger, '');
  const ended = server.gone();
  const red = await Promise.race([seenRed(server), ended.then(() => 'it ended before its health was red')]);
  const exitCode = await until('it ends itself', () => ended, END_MAX_MS).catch(() => 'none');
  if (exitCode === 'none') await server.kill();
  gone = true;
  await running;
  const faults = red === undefined ? [] : [red];
  if (exitCode !== null) faults.push(`it did not end itself by a signal, but with ${String(exitCode)}`);
  if (!server.logs.includes('the server ends itself')) faults.push('its log does not say why it ended');
  return faults;
}

/** Resolves with undefined when a probe would take the server for unhealthy: a 503, or no answer for seconds. */
async function seenRed(server: Server): Promise<string | undefined> {
  const client = new RawClient({ host: server.host });
  const probe = async (): Promise<boolean> => {
    const slow = new Promise<'slow'>((resolve) => setTimeout(resolve, 3_000, 'slow').unref());
    const answer = await Promise.race([client.sendUnsigned('GET', '/healthz').catch(() => 'slow' as const), slow]);
    return answer === 'slow' || answer.status === 503;
  };
  return await until('health is red', probe, END_MAX_MS).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}
