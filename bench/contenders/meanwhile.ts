/** Meanwhile over HTTP, signatures on, functions in processes of their own; with either store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Availability, Contender, Execution, Load, Running } from '../contender.ts';
import { deployClock, deployNoOp } from '../load/functions.ts';
import { httpStartLatencies } from '../load/http-latencies.ts';
import { payloadText } from '../load/payload-text.ts';
import { shareLoad } from '../load/share-load.ts';
import { invocation, submitTasks } from '../load/submit-tasks.ts';
import { runCommand } from '../process/run-command.ts';
import { usageOf } from '../process/usage.ts';
import type { Backend } from '../backends/backend.ts';
import { POSTGRES_SETTINGS, preparePostgres, startPostgres } from '../backends/postgres.ts';
import { MeanwhileServer } from './meanwhile-server.ts';

const POLL_MS = 50;

export const meanwhileOnSqlite: Contender = {
  name: 'meanwhile-sqlite',
  title: 'Meanwhile, SQLite',
  durability: 'SQLite in WAL mode, synchronous=FULL, group commit: synced before each 202',
  settings: 'none; HTTP, every request signed and verified',
  prepare: async () => ({ version: await version() }),
  start: () => start({ store: 'sqlite', nodes: 1 }),
};

export const meanwhileOnPostgres: Contender = {
  name: 'meanwhile-postgres',
  title: 'Meanwhile, PostgreSQL',
  durability: 'fsync=on, synchronous_commit=on: synced before each 202',
  settings: `\`MEANWHILE_STORE=postgres://…\`, one node, ${POSTGRES_SETTINGS}; HTTP, every request signed and verified`,
  canShare: true,
  prepare: preparePostgresStore,
  async start(nodes = 1) {
    const database = await startPostgres();
    return await start({ store: database.url, database, nodes });
  },
};

/** Starting it tells whether this version of Meanwhile has the store at all. */
async function preparePostgresStore(options: { readonly mayInstall: boolean }): Promise<Availability> {
  const postgres = await preparePostgres(options);
  if ('missing' in postgres) return postgres;
  try {
    const trial = await meanwhileOnPostgres.start();
    await trial.stop();
    return { version: `${await version()} on ${postgres.version}` };
  } catch (error) {
    return { missing: `it does not start: ${String(error)}` };
  }
}

/** With the commit, where there is a repository: the version alone stays the same from release to release. */
async function version(): Promise<string> {
  const root = join(import.meta.dirname, '../..');
  const { version: released } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const commit = await runCommand('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).catch(() => '');
  return commit === '' ? released : `${released} at ${commit.trim()}`;
}

interface Installation {
  /** As the setting of that name has it. */
  readonly store: string;
  /** Ended with it. */
  readonly database?: Backend;
  readonly nodes: number;
}

async function start({ store, database, nodes }: Installation): Promise<Running> {
  const servers: MeanwhileServer[] = [];
  const stop = async (): Promise<void> => {
    for (const server of servers) await server.stop();
    await database?.stop();
  };
  try {
    const first = await MeanwhileServer.start({ MEANWHILE_STORE: store });
    servers.push(first);
    while (servers.length < nodes) servers.push(await MeanwhileServer.start({ MEANWHILE_STORE: store }));
    await deployNoOp(first.client, 'noop');
    const running = execution(first, servers);
    await running.hold();
    const adds = servers.map((server) => (load: Load) => submitTasks(server.client, { ...load, functionName: 'noop' }));
    return {
      add: (load) => shareLoad(load, adds),
      execution: running,
      usage: () => usageOf([...servers, ...(database ? [database] : [])].map(({ pid }) => pid)),
      ...(database && { database }),
      submitterPids: [process.pid],
      meanwhile: first,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function execution(first: MeanwhileServer, servers: readonly MeanwhileServer[]): Execution {
  return {
    async release() {
      await first.client.call('DELETE', '/functions/noop/concurrency');
    },
    async hold() {
      await first.client.call('PUT', '/functions/noop/concurrency', { reservedConcurrency: 0 });
    },
    async ended(count) {
      for (let ended = 0; ended < count; ) {
        ended = (await Promise.all(servers.map(endedTasks))).reduce((sum, one) => sum + one, 0);
        if (ended < count) await delay(POLL_MS);
      }
    },
    async startLatencies(pace) {
      await deployClock(first.client, 'clock');
      return await httpStartLatencies(pace, {
        target: { url: first.url, connections: 64, status: 202 },
        request: (index) => first.client.prepare(invocation('clock', payloadText(100, index), `t${index}`)),
        startedAtMs: (index) => startOfTask(first, `t${index}`),
      });
    },
  };
}

/** Tasks that ended since the server's start, by its own counter. */
async function endedTasks(server: MeanwhileServer): Promise<number> {
  const text = await (await fetch(new URL('/metrics', server.url))).text();
  const counts = text.split('\n').filter((line) => line.startsWith('meanwhile_function_dequeue_count'));
  return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** The clock function returns when it was called. */
async function startOfTask(server: MeanwhileServer, taskId: string): Promise<number> {
  for (;;) {
    const task = await server.client.call('GET', `/functions/clock/async-tasks/${taskId}`);
    if (task['status'] === 'Succeeded') return Number(task['returnPayload']);
    await delay(5);
  }
}
