/** A contender that is a library over a database: one process submits, another works, the database is a third. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backend } from '../backends/backend.ts';
import type { Added, Availability, Contender, Execution, Running } from '../contender.ts';
import { startLatencies } from '../load/latencies.ts';
import { shareLoad } from '../load/share-load.ts';
import { type StartedProgram, startProgram } from '../process/start-program.ts';
import { usageOf } from '../process/usage.ts';
import { packageVersion, whyPackagesAreMissing } from './packages.ts';

export interface LibraryContender {
  readonly name: string;
  readonly title: string;
  readonly durability: string;
  readonly settings: string;
  /** On npm. */
  readonly package: string;
  /** Of `libraries/`, without its ending. */
  readonly program: string;
  readonly canShare?: true;
  readonly backend: {
    prepare(options: { readonly mayInstall: boolean }): Promise<Availability>;
    start(): Promise<Backend>;
  };
}

const PROGRAM = join(import.meta.dirname, 'library-process.ts');
const POLL_MS = 20;

export function libraryContender(library: LibraryContender): Contender {
  const { name, title, durability, settings, backend } = library;
  return {
    ...{ name, title, durability, settings },
    async prepare(options) {
      const missing = await whyPackagesAreMissing(options);
      if (missing !== undefined) return { missing };
      const available = await backend.prepare(options);
      if ('missing' in available) return available;
      return { version: `${packageVersion(library.package)} on ${available.version}` };
    },
    ...(library.canShare && { canShare: library.canShare }),
    start: (nodes = 1) => start(library, nodes),
  };
}

/** A node of it is a process that submits and one that works. */
async function start({ backend, program }: LibraryContender, nodes: number): Promise<Running> {
  const database = await backend.start();
  const programs: StartedProgram[] = [];
  const stop = async (): Promise<void> => {
    for (const one of programs) await one.stop();
    await database.stop();
  };
  const startRole = async (role: 'producer' | 'worker'): Promise<StartedProgram> => {
    const started = await startProgram(PROGRAM, [role, program, database.url]);
    programs.push(started);
    return started;
  };
  try {
    const producers: StartedProgram[] = [await startRole('producer')];
    while (producers.length < nodes) producers.push(await startRole('producer'));
    const workers: StartedProgram[] = [];
    while (workers.length < nodes) workers.push(await startRole('worker'));
    return await running({ database, producers, workers }, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts {
  readonly database: Backend;
  readonly producers: readonly StartedProgram[];
  readonly workers: readonly StartedProgram[];
}

async function running({ database, producers, workers }: Parts, stop: () => Promise<void>): Promise<Running> {
  const [first] = producers;
  if (first === undefined) throw new Error('somebody has to submit');
  const hasBulk = await first.call<boolean>('hasBulk');
  const running = execution(first, workers);
  return {
    add: (load) =>
      shareLoad(
        load,
        producers.map((producer) => (part) => producer.call<Added>('add', part)),
      ),
    ...(hasBulk && { addInBulk: (load) => first.call<Added>('addInBulk', load) }),
    execution: running,
    usage: () => usageOf([database.pid, ...(running.hasWorked() ? workers.map(({ pid }) => pid) : [])]),
    database,
    submitterPids: producers.map(({ pid }) => pid),
    stop,
  };
}

function execution(
  producer: StartedProgram,
  workers: readonly StartedProgram[],
): Execution & { readonly hasWorked: () => boolean } {
  let worked = false;
  const startedTasks = async (): Promise<number> => {
    const counts = await Promise.all(workers.map((worker) => worker.call<number>('startedTasks')));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  return {
    hasWorked: () => worked,
    async release() {
      worked = true;
      await Promise.all(workers.map((worker) => worker.call('open')));
    },
    async hold() {
      await Promise.all(workers.map((worker) => worker.call('close')));
    },
    async ended(count) {
      while ((await startedTasks()) < count) await delay(POLL_MS);
      while ((await producer.call<number>('unfinished')) > 0) await delay(POLL_MS);
    },
    startLatencies: (pace) =>
      startLatencies(pace, {
        submit: (index) => producer.call<number>('submit', index),
        submitPaced: (paced) => producer.call<Float64Array>('submitPaced', paced),
        startedAtMs: (index) => Promise.race(workers.map((worker) => worker.call<number>('startedAtMs', index))),
      }),
  };
}
