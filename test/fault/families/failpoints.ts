/** kill -9 at every named point, one start after the other on one folder: each recovers from the kill before it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { Environment } from '../../support/command.ts';
import type { Server } from '../../support/server.ts';
import { until } from '../../support/until.ts';
import { readLedger } from '../evidence/ledgers.ts';
import { ARMED_VARIABLE, PASSES_VARIABLE, type Point, POINTS, REACHED_VARIABLE } from '../failpoints/points.ts';
import { claimedAgain, Life } from '../life.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, '../failpoints/preload.ts')).href;
/** Generous: it ends a round whose point is never reached, which is a failure. */
const REACHED_MAX_MS = 60_000;

const SEED_MAX = 2 ** 30;

export const failpoints: FaultFamily = {
  name: 'failpoints',
  promise: 'what was acknowledged survives kill -9 just before and just after each commit and each step outside of one',
  trials: 'kills',
  rounds: { commit: 1, nightly: 25, release: 250 },
  run,
};

/** Two lives share the points: a server that starts leaves one of two cores idle. */
async function run({ seed, number, progress }: Round): Promise<RoundReport> {
  const random = new SeededRandom(seed + number);
  const order = inSomeOrder(random);
  const shares = [0, 1].map((share) => order.filter((_, index) => index % 2 === share));
  const ends = await Promise.all(
    shares.map((points) => killAtEach(points, new SeededRandom(random.integer(0, SEED_MAX)), progress)),
  );
  const sum = (count: (end: End) => number): number => ends.reduce((before, end) => before + count(end), 0);
  const folder = (ends.find(({ broken }) => broken.length > 0) ?? ends[0])?.folder;
  return {
    trials: POINTS.length,
    broken: ends.flatMap(({ broken }) => broken),
    counts: { submissions: sum((end) => end.submissions), claimedAgain: sum((end) => end.claimedAgain) },
    ...(folder !== undefined && { folder }),
  };
}

interface End {
  readonly broken: readonly string[];
  readonly folder: string;
  readonly submissions: number;
  readonly claimedAgain: number;
}

async function killAtEach(points: readonly Point[], random: SeededRandom, progress: Round['progress']): Promise<End> {
  const life = await Life.begin({ random });
  const broken: string[] = [];
  for (const point of points) {
    progress?.(`killed ${point}`);
    if (point.includes('a rescue')) await killAtWork(life);
    const passes = passesOf(point, random);
    if (!(await killedAt(life, point, passes))) broken.push(`the server was not killed ${point}: it was never reached`);
  }
  progress?.('comparing');
  const verdict = await life.end();
  return {
    broken: [...broken, ...verdict.broken],
    folder: life.folder,
    submissions: life.load.submissions.length,
    claimedAgain: claimedAgain(verdict.tasks),
  };
}

/** First those that a fresh folder passes, and nothing later for certain: a task is claimed with its accept while none waits. */
function inSomeOrder(random: SeededRandom): readonly Point[] {
  const rank = (point: Point): number => {
    if (point.includes('migration')) return -2;
    return point.includes('accepted and claimed') ? -1 : random.next();
  };
  const order = POINTS.map((point) => ({ point, at: rank(point) }));
  return order.sort((a, b) => a.at - b.at).map(({ point }) => point);
}

/** Those that a start or a deployment passes once are not waited for a second time. */
function passesOf(point: Point, random: SeededRandom): number {
  const isRare = /migration|claimed|checkpoint|a function|package|rescue|removed/.test(point);
  return isRare ? 0 : random.integer(0, 5);
}

/** Leaves tasks that a server held when it was killed, so that the next start has something to rescue. */
async function killAtWork(life: Life): Promise<void> {
  const server = await life.start();
  await life.deploy(server);
  const before = readLedger(life.ledger).length;
  let killed = false;
  const running = life.load.run(server.host, () => killed);
  await until('tasks run', () => readLedger(life.ledger).length > before + 10);
  await server.kill();
  killed = true;
  await running;
}

/** Starts a server that kills itself at a point, and puts it under load. False when it had to be ended otherwise. */
async function killedAt(life: Life, point: Point, passes: number): Promise<boolean> {
  const reached = join(life.folder, 'reached');
  writeFileSync(reached, '');
  const server = await startArmed(life, {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    [ARMED_VARIABLE]: point,
    [PASSES_VARIABLE]: String(passes),
    [REACHED_VARIABLE]: reached,
  });
  if (server !== undefined) await underLoad(life, server);
  return readFileSync(reached, 'utf8').split('\n').includes(point) && (await server?.exit) !== 0;
}

/** Undefined when it was killed before it was ready. */
async function startArmed(life: Life, env: Environment): Promise<Server | undefined> {
  try {
    return await life.start(env);
  } catch (error) {
    // Any other end has an exit code.
    if (error instanceof Error && error.message.includes('ended with null')) return undefined;
    throw error;
  }
}

async function underLoad(life: Life, server: Server): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), REACHED_MAX_MS);
  try {
    await life.deploy(server);
    await life.load.deploy(server.host);
    await life.load.run(server.host, () => limit.signal.aborted);
  } catch {
    // Killed during the deployment: the next server gets what is missing of it.
  }
  clearTimeout(timer);
  if (limit.signal.aborted) await server.stop();
  else await server.gone();
}
