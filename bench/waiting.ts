/**
 * `node bench/waiting.ts [--tasks 1000000]`: what a large backlog costs: the server's memory, the first page of a list
 * with each filter, and the time of a restart.
 */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client } from './client.ts';
import { deployNoOp } from './functions.ts';
import { sendAll } from './raw-client.ts';
import { newDataFolder, type StartedServer, startMeanwhileOn } from './servers.ts';
import { median, quantile } from './statistics.ts';

const { values: options } = parseArgs({ options: { tasks: { type: 'string', default: '1000000' } } });
const TASKS = Number(options.tasks);
const BATCH = 20_000;
const PAGES = 100;
const PAYLOAD = Buffer.alloc(100, 'x');

const taskId = (index: number): string => `job-${String(index).padStart(8, '0')}`;

/** Resident memory in MiB. */
function memoryMb(server: StartedServer): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

async function submit(server: StartedServer, from: number, count: number): Promise<void> {
  const client = new Client(server.url);
  const requests = Array.from({ length: count }, (_, index) =>
    client.prepare({
      method: 'POST',
      path: '/functions/noop/invocations',
      body: PAYLOAD,
      headers: { 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': taskId(from + index) },
    }),
  );
  const target = { host: server.url.hostname, port: Number(server.url.port) };
  await sendAll(target, requests, { connections: 64, status: 202 });
}

/** A task that ends at once, so that there is a rare state to look for. */
async function expireOne(client: Client): Promise<void> {
  await client.call('PUT', `/functions/noop/async-tasks/${taskId(TASKS - 1)}/stop`);
}

async function measurePages(client: Client): Promise<void> {
  const now = Date.now();
  const filters: readonly string[] = [
    '',
    'sortOrderByTime=asc',
    'includePayload=true',
    'qualifier=LATEST',
    'status=Enqueued',
    'status=Stopped',
    'status=Succeeded',
    `prefix=${taskId(0).slice(0, -2)}`,
    `prefix=${taskId(0).slice(0, -4)}`,
    'prefix=job-',
    'prefix=none-',
    `startedTimeBegin=${now - 60_000}&startedTimeEnd=${now}`,
    'startedTimeBegin=1&startedTimeEnd=2',
  ];
  console.log('| first page of 20 | median | p99 |\n|---|---|---|');
  for (const filter of filters) {
    const times: number[] = [];
    for (let page = 0; page < PAGES; page += 1) {
      const startedMs = performance.now();
      await client.call('GET', `/functions/noop/async-tasks${filter === '' ? '' : `?${filter}`}`);
      times.push(performance.now() - startedMs);
    }
    console.log(
      `| ${filter || 'no filter'} | ${median(times).toFixed(2)} ms | ${quantile(times, 0.99).toFixed(2)} ms |`,
    );
  }
}

const folder = await newDataFolder();
let server = await startMeanwhileOn(folder);
try {
  const client = new Client(server.url);
  await deployNoOp(client, 'noop');
  await client.call('PUT', '/functions/noop/concurrency', { reservedConcurrency: 0 });
  await submit(server, 0, Math.min(BATCH, TASKS));
  const emptyMb = memoryMb(server);
  const startedMs = performance.now();
  for (let from = BATCH; from < TASKS; from += BATCH) {
    await submit(server, from, Math.min(BATCH, TASKS - from));
    if (from % 100_000 === 0) console.error(`${from} tasks, ${memoryMb(server).toFixed(0)} MiB`);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const fullMb = memoryMb(server);
  console.log(`${TASKS} waiting tasks, accepted in ${seconds.toFixed(0)} s, the client's signing included`);
  console.log(
    `memory ${emptyMb.toFixed(0)} MiB after the first ${BATCH}, ${fullMb.toFixed(0)} MiB with all: ${(fullMb - emptyMb).toFixed(0)} MiB more\n`,
  );
  await expireOne(client);
  await measurePages(client);
  await server.stop();
  const restartMs = performance.now();
  server = await startMeanwhileOn(folder);
  console.log(
    `\nrestart until requests are served: ${((performance.now() - restartMs) / 1000).toFixed(2)} s, ${memoryMb(server).toFixed(0)} MiB`,
  );
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
