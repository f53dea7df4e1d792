/** A way to the run's PostgreSQL server that a test can cut, stall and close. */
import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseConnectionTarget } from './connection-target.ts';

export interface PostgresProxy {
  readonly port: number;
  /** Ends every connection at once. New ones are let through. */
  cut(): void;
  /** Passes nothing on any more, on old connections and new ones. */
  stall(): void;
  /** Passes nothing on any more on old connections; new ones are let through. */
  forget(): void;
  /** Ends every connection, and new ones at once. */
  refuse(): void;
  /** As at the start. */
  pass(): void;
  close(): Promise<void>;
}

export async function openProxy(serverUrl: string): Promise<PostgresProxy> {
  const [server] = parseConnectionTarget(serverUrl).hosts;
  if (server === undefined) throw new Error('no server');
  const pairs = new Set<readonly [Socket, Socket]>();
  const forgotten = new Set<Socket>();
  let mode: 'pass' | 'stall' | 'refuse' = 'pass';
  const listener = createServer((near) => {
    if (mode === 'refuse') {
      near.destroy();
      return;
    }
    const far = server.host.startsWith('/')
      ? connect(`${server.host}/.s.PGSQL.${server.port}`)
      : connect(server.port, server.host);
    const pair = [near, far] as const;
    pairs.add(pair);
    forward(near, far);
    forward(far, near);
  });

  function forward(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (mode === 'pass' && !forgotten.has(from)) to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      if (!forgotten.has(from)) to.destroy();
    });
  }

  function cut(): void {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    pairs.clear();
  }

  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    cut,
    stall: () => {
      mode = 'stall';
    },
    forget: () => {
      for (const pair of pairs) for (const socket of pair) forgotten.add(socket);
    },
    refuse: () => {
      mode = 'refuse';
      cut();
    },
    pass: () => {
      mode = 'pass';
    },
    close: async () => {
      mode = 'refuse';
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
