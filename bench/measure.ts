/** What is measured: the rate of durable accepts, the rate of draining a backlog, the latency of an idle server. */
import { Client, type RequestParts } from './client.ts';
import { deployClock, deployNoOp } from './functions.ts';
import { type LoadResult, sendAll } from './raw-client.ts';
import { type StartedServer, startBareServer, startMeanwhile } from './servers.ts';
import { median, quantile } from './statistics.ts';

const PAYLOAD = Buffer.alloc(100, 'x');
/** Accepted now and due in an hour, so that accepting is measured without running. */
const ONE_HOUR = { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '3600' };
const ASYNC = { 'x-fc-invocation-type': 'Async' };

export interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function invocation(functionName: string, headers: Readonly<Record<string, string>>): RequestParts {
  return { method: 'POST', path: `/functions/${functionName}/invocations`, body: PAYLOAD, headers };
}

function prepareMany(client: Client, parts: RequestParts, count: number): Buffer[] {
  return Array.from({ length: count }, () => client.prepare(parts));
}

/** The same bytes that Meanwhile gets, to a server that only answers 202. */
export async function measureBare(count: number, connections: number): Promise<Rate> {
  return await withServer(startBareServer(), async (server) => {
    const client = new Client(server.url);
    return rateOf(
      await sendAsync(server, prepareMany(client, invocation('noop', ONE_HOUR), count), connections),
      count,
    );
  });
}

/** Signed, verified, committed and synced before each 202; nothing runs beside it. */
export async function measureAccept(count: number, connections: number): Promise<Rate> {
  return await withServer(startMeanwhile(), async (server) => {
    const client = new Client(server.url);
    await deployNoOp(client, 'noop');
    await sendAsync(server, prepareMany(client, invocation('noop', ONE_HOUR), 2_000), connections); // warm
    return rateOf(
      await sendAsync(server, prepareMany(client, invocation('noop', ONE_HOUR), count), connections),
      count,
    );
  });
}

/** A backlog held back by a concurrency of 0, let go at once: tasks per second from then until none is left. */
export async function measureDrain(count: number): Promise<number> {
  return await withServer(startMeanwhile(), async (server) => {
    const client = new Client(server.url);
    await deployNoOp(client, 'noop');
    await client.call('PUT', '/functions/noop/concurrency', { reservedConcurrency: 0 });
    await sendAsync(server, prepareMany(client, invocation('noop', ASYNC), count), 64);
    const startedMs = performance.now();
    await client.call('DELETE', '/functions/noop/concurrency');
    while ((await finished(server)) < count) await new Promise((resolve) => setTimeout(resolve, 50));
    return count / ((performance.now() - startedMs) / 1000);
  });
}

/** Accepted and run as they come: tasks per second from the first accept until none is left. */
export async function measureEndToEnd(count: number, connections: number): Promise<number> {
  return await withServer(startMeanwhile(), async (server) => {
    const client = new Client(server.url);
    await deployNoOp(client, 'noop');
    await sendAsync(server, prepareMany(client, invocation('noop', ASYNC), 2_000), connections); // warm
    const before = 2_000;
    while ((await finished(server)) < before) await new Promise((resolve) => setTimeout(resolve, 20));
    const requests = prepareMany(client, invocation('noop', ASYNC), count);
    const startedMs = performance.now();
    await sendAsync(server, requests, connections);
    while ((await finished(server)) < before + count) await new Promise((resolve) => setTimeout(resolve, 20));
    return count / ((performance.now() - startedMs) / 1000);
  });
}

/** From the request's first byte to the first line of the handler, one task at a time on a server that does nothing else. */
export async function measureIdleLatency(count: number): Promise<Latency> {
  return await withServer(startMeanwhile(), async (server) => {
    const client = new Client(server.url);
    await deployClock(client, 'clock');
    const latencies: number[] = [];
    for (let index = 0; index < count + 20; index += 1) {
      const taskId = `t${index}`;
      const request = client.prepare(invocation('clock', { ...ASYNC, 'x-fc-async-task-id': taskId }));
      const sentMs = performance.timeOrigin + performance.now();
      await sendAsync(server, [request], 1);
      const startedMs = await handlerStart(client, taskId);
      if (index >= 20) latencies.push(startedMs - sentMs); // the first ones start the instance
    }
    return { p50Ms: median(latencies), p99Ms: quantile(latencies, 0.99) };
  });
}

async function handlerStart(client: Client, taskId: string): Promise<number> {
  for (;;) {
    const task = await client.call('GET', `/functions/clock/async-tasks/${taskId}`);
    if (task['status'] === 'Succeeded') return Number(task['returnPayload']);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Tasks that ended since the server's start, by its own counter. */
async function finished(server: StartedServer): Promise<number> {
  const text = await (await fetch(new URL('/metrics', server.url))).text();
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('meanwhile_function_dequeue_count')) sum += Number(line.split(' ').at(-1));
  }
  return sum;
}

async function sendAsync(server: StartedServer, requests: readonly Buffer[], connections: number): Promise<LoadResult> {
  const target = { host: server.url.hostname, port: Number(server.url.port) };
  return await sendAll(target, requests, { connections, status: 202 });
}

function rateOf({ seconds, latenciesMs }: LoadResult, count: number): Rate {
  return { perSecond: count / seconds, p50Ms: median(latenciesMs), p99Ms: quantile(latenciesMs, 0.99) };
}

async function withServer<T>(
  starting: Promise<StartedServer>,
  work: (server: StartedServer) => Promise<T>,
): Promise<T> {
  const server = await starting;
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}
