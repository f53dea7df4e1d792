/**
 * The load: prepared requests over raw sockets, one in flight a connection. A client that builds, signs and parses in
 * the measured time takes more of two cores than the server does, and measures itself.
 */
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds from write to the end of the answer's head, one a request. */
  readonly latenciesMs: Float64Array;
}

export interface Target {
  readonly host: string;
  readonly port: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Sends every request once over `connections` sockets; rejects on the first answer that has not the status, or a lost connection. */
export async function sendAll(
  target: Target,
  requests: readonly Buffer[],
  options: { readonly connections: number; readonly status: number },
): Promise<LoadResult> {
  const latenciesMs = new Float64Array(requests.length);
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => open(target)));
  const queue = requests.entries();
  const startedMs = performance.now();
  const expected = Buffer.from(`HTTP/1.1 ${options.status} `);
  await Promise.all(
    sockets.map(async (socket) => {
      for (const [index, request] of queue) {
        const sentMs = performance.now();
        await exchange(socket, request, expected);
        latenciesMs[index] = performance.now() - sentMs;
      }
    }),
  );
  const seconds = (performance.now() - startedMs) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, latenciesMs };
}

async function open(target: Target): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ ...target, noDelay: true }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** The answers that are measured have no body, so that an answer ends with its head. */
async function exchange(socket: Socket, request: Buffer, expected: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let head: Buffer | undefined;
    const close = (): void => {
      reject(new Error('the server closed a connection under load'));
    };
    const data = (chunk: Buffer): void => {
      head = head ? Buffer.concat([head, chunk]) : chunk;
      if (head.indexOf(HEAD_END) < 0) return;
      socket.off('data', data);
      socket.off('close', close);
      if (head.subarray(0, expected.byteLength).equals(expected)) resolve();
      else reject(new Error(`unexpected answer: ${head.toString('latin1').slice(0, 600)}`));
    };
    socket.on('data', data);
    socket.once('close', close);
    socket.write(request);
  });
}
