/** What each runtime adds to a call, and how long its first one takes. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MeanwhileServer } from '../contenders/meanwhile-server.ts';
import { deployProgram, type Program } from '../load/functions.ts';
import { sendAll } from '../load/raw-client.ts';
import { type StartedServer, startServer } from '../process/start-server.ts';
import { median } from '../report/statistics.ts';
import type { Measurement, Work } from '../work.ts';

const BARE_SERVER = join(import.meta.dirname, '../contenders/bare-http-server.mjs');
const WARM_UP_CALLS = 50;
const COLD_STARTS = 10;
const LOOK_AGAIN_MS = 20;

/** A server that does nothing, in Node.js: what is measured is the way to it. */
const HTTP_SERVER = `require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.end());
}).listen(process.env.FC_SERVER_PORT);`;

/**
 * The loop of Function Compute's Go library over one kept connection, by the plainest client that Node.js has: `fetch` in its
 * place takes 0.5 ms more a call by itself.
 */
const API_LOOP = `const { Agent, request } = require('node:http');
const [host, port] = process.env.FC_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const send = (method, what) => new Promise((resolve) => {
  const path = '/2020-11-11/runtime/invocation/' + what;
  request({ host, port, agent, method, path }, (answer) => answer.resume().on('end', () => resolve(answer))).end();
});
(async () => {
  for (;;) {
    const { headers } = await send('GET', 'next');
    await send('POST', headers['x-fc-request-id'] + '/response');
  }
})();`;

const NODE_SERVER = { runtime: 'custom.debian12', customRuntimeConfig: { command: ['node', 'index.js'] } };

interface Kind {
  readonly name: string;
  /** @param url where a server is that does nothing */
  program(url: string): Program;
}

const KINDS: readonly Kind[] = [
  {
    name: 'nodejs',
    program: () => ({ runtime: 'nodejs24', files: { 'index.js': 'exports.handler = async () => "";' } }),
  },
  {
    name: 'python3',
    program: () => ({ runtime: 'python3', files: { 'index.py': 'def handler(event, context):\n    return ""\n' } }),
  },
  { name: 'custom, HTTP', program: () => ({ ...NODE_SERVER, files: { 'index.js': HTTP_SERVER } }) },
  { name: 'custom, runtime API', program: () => ({ ...NODE_SERVER, files: { 'index.js': API_LOOP } }) },
  { name: 'http', program: (url) => ({ runtime: 'http', environmentVariables: { MEANWHILE_URL: url } }) },
];

export const runtimes: Work = {
  name: 'runtimes',
  title: 'Runtimes',
  description:
    'Synchronous calls of a function that does nothing, one after the other over one connection: from the first byte of the request to the whole answer. Beside each the same from a bare `node:http` server, asked just before. A cold start is the first call of a function that has no instance; one that is provisioned has an instance before its first call.',
  isFor: ({ name }) => name === 'meanwhile-sqlite',
  cases: ({ idleTasks }) => KINDS.map((kind) => ({ name: kind.name, measure: () => measureRuntime(kind, idleTasks) })),
};

async function measureRuntime(kind: Kind, calls: number): Promise<readonly Measurement[]> {
  const bare = await startServer({ file: process.execPath, args: [BARE_SERVER], readyLine: /http:\/\/\S+/ });
  try {
    const server = await MeanwhileServer.start({ MEANWHILE_PRIVATE_TARGETS: '127.0.0.1' });
    try {
      return await measureOn(server, bare, { program: kind.program(bare.ready[0]), calls });
    } finally {
      await server.stop();
    }
  } finally {
    await bare.stop();
  }
}

async function measureOn(
  server: MeanwhileServer,
  bare: StartedServer,
  { program, calls }: { readonly program: Program; readonly calls: number },
): Promise<readonly Measurement[]> {
  const coldMs: number[] = [];
  for (let count = 0; count < COLD_STARTS; count += 1) {
    await deployProgram(server.client, `cold-${count}`, program);
    coldMs.push(await medianCall(server, `cold-${count}`, 1));
  }
  await medianCall(server, 'cold-0', WARM_UP_CALLS);
  const bareTarget = { url: new URL(bare.ready[0]), connections: 1, status: 202 };
  const request = requestOf(server, 'cold-0');
  await sendAll(bareTarget, new Array<Buffer>(WARM_UP_CALLS).fill(request));
  const bareMs = median((await sendAll(bareTarget, new Array<Buffer>(calls).fill(request))).latenciesMs);
  const warmMs = await medianCall(server, 'cold-0', calls);
  return [
    { metric: 'warm call', unit: 'ms', value: warmMs },
    { metric: 'bare HTTP round trip', unit: 'ms', value: bareMs },
    { metric: 'warm call / bare round trip', unit: '×', value: warmMs / bareMs },
    { metric: 'cold start', unit: 'ms', value: median(Float64Array.from(coldMs)) },
    { metric: 'cold start, slowest', unit: 'ms', value: Math.max(...coldMs) },
    {
      metric: 'first call of a function whose instance is kept up',
      unit: 'ms',
      value: await firstCallMs(server, program),
    },
  ];
}

/** The first calls of functions that are provisioned with an instance, once that is up. */
async function firstCallMs(server: MeanwhileServer, program: Program): Promise<number> {
  const tookMs: number[] = [];
  for (let count = 0; count < COLD_STARTS; count += 1) {
    const functionName = `kept-${count}`;
    const provision = `/functions/${functionName}/provision-config`;
    await deployProgram(server.client, functionName, program);
    await server.client.call('PUT', provision, { target: 1 });
    while ((await server.client.call('GET', provision))['current'] !== 1) await setTimeout(LOOK_AGAIN_MS);
    tookMs.push(await medianCall(server, functionName, 1));
    await server.client.call('DELETE', provision);
  }
  return median(Float64Array.from(tookMs));
}

async function medianCall(server: MeanwhileServer, functionName: string, calls: number): Promise<number> {
  const requests = Array.from({ length: calls }, () => requestOf(server, functionName));
  return median((await sendAll({ url: server.url, connections: 1, status: 200 }, requests)).latenciesMs);
}

function requestOf({ client }: MeanwhileServer, functionName: string): Buffer {
  return client.prepare({ method: 'POST', path: `/functions/${functionName}/invocations`, body: Buffer.from('{}') });
}
