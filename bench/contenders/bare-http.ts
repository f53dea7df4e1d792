/** The limit of the front: a `node:http` server that reads the body, answers 202 and forgets. */
import { join } from 'node:path';
import type { Contender, Load } from '../contender.ts';
import { FcClient } from '../load/fc-client.ts';
import { sendAll } from '../load/raw-client.ts';
import { startServer } from '../process/start-server.ts';
import { usageOf } from '../process/usage.ts';

const PROGRAM = join(import.meta.dirname, 'bare-http-server.mjs');

export const bareHttp: Contender = {
  name: 'bare-http',
  title: 'bare node:http',
  durability: 'none: nothing is kept',
  settings: 'is sent a signed request for Meanwhile, again and again',
  prepare: async () => ({ version: `Node ${process.version}` }),
  async start() {
    const server = await startServer({ file: process.execPath, args: [PROGRAM], readyLine: /http:\/\/\S+/ });
    const url = new URL(server.ready[0]);
    return {
      add: ({ count, connections, payloadBytes }: Load) => {
        const client = new FcClient(url);
        const body = Buffer.alloc(payloadBytes, 'x');
        const headers = { 'x-fc-invocation-type': 'Async' };
        // Nobody here looks at the signature.
        const request = client.prepare({ method: 'POST', path: '/functions/noop/invocations', body, headers });
        return sendAll({ url, connections, status: 202 }, new Array<Buffer>(count).fill(request));
      },
      usage: () => usageOf([server.pid]),
      submitterPids: [process.pid],
      stop: () => server.stop(),
    };
  },
};
