/** Restate: its own server in front, over HTTP, which calls a function in another process. The nearest in shape. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBackend } from '../backends/backend.ts';
import type { Added, Contender, Execution, Load, Running } from '../contender.ts';
import { httpStartLatencies } from '../load/http-latencies.ts';
import { payloadText } from '../load/payload-text.ts';
import { sendAll, type Target } from '../load/raw-client.ts';
import { freePort } from '../process/free-port.ts';
import { type StartedProgram, startProgram } from '../process/start-program.ts';
import { startServer } from '../process/start-server.ts';
import { usageOf } from '../process/usage.ts';
import { packageFolder, packageVersion, whyPackagesAreMissing } from './packages.ts';

const SERVICE = join(import.meta.dirname, 'restate-service.mjs');
const SERVER_PACKAGE = `@restatedev/restate-server-${process.platform}-${process.arch}`;
const POLL_MS = 20;

export const restate: Contender = {
  name: 'restate',
  title: 'Restate',
  durability: 'one node, replicated loglet on RocksDB, its log fsynced before the 202',
  settings:
    'defaults, 24 partitions; HTTP without signatures, `/send`; a Node.js service over HTTP/2, whose handlers wait at a gate until they are let go',
  async prepare(options) {
    const missing = await whyPackagesAreMissing(options);
    if (missing !== undefined) return { missing };
    chmodSync(serverProgram(), 0o755);
    return { version: `${packageVersion('@restatedev/restate-server')}, ${packageVersion('@restatedev/restate-sdk')}` };
  },
  start,
};

function serverProgram(): string {
  return join(packageFolder(SERVER_PACKAGE), 'bin/restate-server');
}

interface Server {
  readonly pid: number;
  readonly ingress: URL;
  readonly admin: URL;
  stop(): Promise<void>;
}

async function start(): Promise<Running> {
  const server = await startRestate();
  const service = await startProgram(SERVICE).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await service.stop();
  };
  try {
    await untilHealthy(server);
    const uri = `http://127.0.0.1:${await service.call<number>('port')}`;
    await postJson(new URL('/deployments', server.admin), { uri });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    add: (load) => add(server, load),
    execution: execution(server, service),
    usage: () => usageOf([server.pid, service.pid]),
    submitterPids: [process.pid],
    stop,
  };
}

async function startRestate(): Promise<Server> {
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const backend = await startBackend(async (folder) => {
    const server = await startServer({
      file: serverProgram(),
      args: ['--no-logo', '--base-dir', folder, '--listen-mode', 'tcp', '--bind-port', String(node)],
      env: {
        RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
        RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_DISABLE_TELEMETRY: 'true',
      },
      readyLine: /Restate Server|Server started|is ready/i,
    });
    return { server, url: `http://127.0.0.1:${ingress}` };
  });
  const server: Server = {
    pid: backend.pid,
    ingress: new URL(backend.url),
    admin: new URL(`http://127.0.0.1:${admin}`),
    stop: () => backend.stop(),
  };
  return server;
}

async function untilHealthy({ admin, ingress }: Server): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  for (const url of [new URL('/health', admin), new URL('/restate/health', ingress)]) {
    while (!(await isOk(url))) {
      if (Date.now() > deadlineMs) throw new Error(`${url.href} is not healthy after a minute`);
      await delay(POLL_MS);
    }
  }
}

async function isOk(url: URL): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function postJson(url: URL, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${url.pathname}: ${response.status} ${text}`);
  return JSON.parse(text);
}

function execution(server: Server, service: StartedProgram): Execution {
  return {
    async release() {
      await service.call('release');
    },
    async hold() {
      await service.call('hold');
    },
    async ended(count) {
      while ((await service.call<number>('startedTasks')) < count) await delay(POLL_MS);
      while ((await unfinished(server)) > 0) await delay(POLL_MS);
    },
    startLatencies: (pace) =>
      httpStartLatencies(pace, {
        target: targetOf(server, 64),
        request: (index) => submission(server, { index, text: payloadText(100, index) }),
        startedAtMs: (index) => service.call<number>('startedAtMs', index),
      }),
  };
}

async function add(server: Server, { count, connections, payloadBytes }: Load): Promise<Added> {
  const requests = Array.from({ length: count }, (_, index) =>
    submission(server, { text: payloadText(payloadBytes, index) }),
  );
  return await sendAll(targetOf(server, connections), requests);
}

function targetOf({ ingress }: Server, connections: number): Target {
  return { url: ingress, connections, status: 202 };
}

function submission({ ingress }: Server, payload: unknown): Buffer {
  const body = JSON.stringify(payload);
  const head = ['POST /bench/noop/send HTTP/1.1', `host: ${ingress.host}`, 'content-type: application/json'];
  return Buffer.from([...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
}

async function unfinished({ admin }: Server): Promise<number> {
  const query = "select count(*) as waiting from sys_invocation where status <> 'completed'";
  const { rows } = (await postJson(new URL('/query', admin), { query })) as { rows: { waiting: number }[] };
  return rows[0]?.waiting ?? 0;
}
