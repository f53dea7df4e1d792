/** Damaged files between a kill and the next start: what is wrong is said, and nothing wrong is served. */
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { Server } from '../../support/server.ts';
import type { TaskView } from '../evidence/ledgers.ts';
import { listTasks } from '../load/ledger-function.ts';
import { Life } from '../life.ts';
import type { FaultFamily, Round, RoundReport } from './family.ts';

interface Damage {
  readonly name: string;
  /** Nothing that matters is in it: everything acknowledged must be there. */
  readonly harmless?: true;
  /** It must be refused at the start. */
  readonly refused?: true;
  readonly inflict: (database: string, random: SeededRandom) => void;
}

const PAGE_BYTES = 4096;
const AT_ONCE = 2;
/** Ample for a server to end that has found the damage. */
const END_MAX_MS = 30_000;
/** What refusals and ends say. */
const REASON = /damaged|not an SQLite database|another program|the store cannot/;

const DAMAGES: readonly Damage[] = [
  { name: 'the index of the log is gone', harmless: true, inflict: (file) => rmSync(`${file}-shm`, { force: true }) },
  {
    name: 'the index of the log is rubbish',
    harmless: true,
    inflict: (file) => writeFileSync(`${file}-shm`, Buffer.alloc(8 * PAGE_BYTES, 0xaa)),
  },
  { name: 'the log is gone', inflict: (file) => rmSync(`${file}-wal`, { force: true }) },
  { name: 'the log is cut short', inflict: (file, random) => cutShort(`${file}-wal`, random) },
  { name: 'a bit of the log is flipped', inflict: (file, random) => flipBit(`${file}-wal`, random) },
  { name: 'the database is cut short', inflict: (file, random) => cutShort(file, random) },
  { name: 'a page of the database is empty', inflict: (file, random) => emptyPage(file, random) },
  { name: 'the database is text', refused: true, inflict: (file) => replaceBy(file, 'not a database\n'.repeat(1_000)) },
  { name: 'the database is of another program', refused: true, inflict: (file) => replaceByForeign(file) },
];

export const damage: FaultFamily = {
  name: 'damage',
  promise: 'a damaged file is refused with a reason, or does not change what is served',
  trials: 'damages',
  rounds: { commit: 1, nightly: 12, release: 60 },
  run,
};

async function run({ seed, number, progress }: Round): Promise<RoundReport> {
  const broken: string[] = [];
  const counts = { refused: 0, served: 0 };
  const left = DAMAGES.map((one, index) => ({ one, random: new SeededRandom(seed + number + index) }));
  const inflictAll = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { one, random } = next;
      progress?.(one.name);
      const { faults, served } = await trial(one, random);
      counts[served ? 'served' : 'refused'] += 1;
      broken.push(...faults.map((fault) => `${one.name}: ${fault}`));
    }
  };
  // Starts and ends of servers are most of it, and leave every other core idle.
  await Promise.all(Array.from({ length: AT_ONCE }, inflictAll));
  return { trials: DAMAGES.length, broken, counts };
}

async function trial(one: Damage, random: SeededRandom): Promise<{ faults: readonly string[]; served: boolean }> {
  const life = await Life.begin({ random });
  const server = await life.start();
  await life.deploy(server);
  let killed = false;
  const running = life.load.run(server.host, () => killed);
  await delay(random.integer(300, 600));
  await server.kill();
  killed = true;
  await running;
  one.inflict(join(life.dataDir, 'meanwhile.db'), random);
  const trouble = one.harmless === true ? undefined : await firstTrouble(life);
  if (one.harmless === true) return { faults: (await life.end()).broken, served: true };
  rmSync(life.folder, { recursive: true });
  if (trouble === undefined) return { faults: one.refused === true ? ['it was served'] : [], served: true };
  return { faults: REASON.test(trouble) ? [] : [`it gave no reason, but: ${trouble}`], served: false };
}

/** What the server says when it refuses the files, or ends at them later; a payload that nobody sent is trouble as well. */
async function firstTrouble(life: Life): Promise<string | undefined> {
  try {
    const server = await life.start();
    const tasks = await allServed(server);
    if (typeof tasks === 'string') return tasks;
    const payloads = new Map(life.load.submissions.map(({ taskId, payload }) => [taskId, payload]));
    const wrong = [...tasks.values()].find(({ taskId, taskPayload }) => payloads.get(taskId) !== taskPayload);
    await server.stop();
    return wrong === undefined ? undefined : `it serves a payload that nobody sent, of ${wrong.taskId}`;
  } catch (error) {
    return String(error);
  }
}

/** Every task; or, when they cannot be had, what the server said as it ended. */
async function allServed(server: Server): Promise<ReadonlyMap<string, TaskView> | string> {
  try {
    return await listTasks(server.host);
  } catch (error) {
    // A log that is cut before the function was made is one that ends there: nothing tells it from a power cut.
    if (String(error).includes('FunctionNotFound')) return new Map();
    const neither = delay(END_MAX_MS, 'it neither serves nor ends', { ref: false });
    return await Promise.race([server.exit.then(() => server.logs), neither]);
  }
}

function cutShort(file: string, random: SeededRandom): void {
  const { length } = readFileSync(file);
  truncateSync(file, random.integer(1, length - 1));
}

function flipBit(file: string, random: SeededRandom): void {
  const bytes = readFileSync(file);
  const at = random.integer(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
  writeFileSync(file, bytes);
}

function emptyPage(file: string, random: SeededRandom): void {
  const bytes = readFileSync(file);
  const page = random.integer(0, Math.max(0, bytes.length / PAGE_BYTES - 1));
  bytes.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  writeFileSync(file, bytes);
}

function replaceBy(file: string, content: string): void {
  removeAll(file);
  writeFileSync(file, content);
}

function replaceByForeign(file: string): void {
  removeAll(file);
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE theirs (a)');
  database.close();
}

function removeAll(file: string): void {
  for (const name of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(name)) rmSync(name);
}
