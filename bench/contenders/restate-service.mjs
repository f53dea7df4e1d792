/** The service that Restate calls: a handler that does nothing once it is let go. Its calls are those of `restate.ts`. */
import { createServer } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import * as restate from '@restatedev/restate-sdk';
import { serveCalls } from '../process/call.ts';

let gate = Promise.withResolvers();
const startedAtMs = new Map();
let startedTasks = 0;

const bench = restate.service({
  name: 'bench',
  handlers: {
    noop: async (_context, { index }) => {
      await gate.promise;
      startedTasks += 1;
      if (index !== undefined && !startedAtMs.has(index)) {
        startedAtMs.set(index, performance.timeOrigin + performance.now());
      }
    },
  },
});

/** Without a logger it warns at each start that requests to it are not signed. They come from this machine. */
const logger = () => undefined;
const handler = restate.createEndpointHandler({ services: [bench], logger });
const server = createServer(handler);
server.listen(0, '127.0.0.1', () => {
  serveCalls({
    port: async () => server.address().port,
    release: async () => gate.resolve(),
    hold: async () => {
      gate = Promise.withResolvers();
    },
    startedTasks: async () => startedTasks,
    startedAtMs: async (index) => {
      while (!startedAtMs.has(index)) await delay(1);
      return startedAtMs.get(index);
    },
  });
});
