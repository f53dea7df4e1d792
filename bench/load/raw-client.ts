/**
 * The load: prepared requests over raw sockets, one in flight a connection. A client that builds, signs and parses in
 * the measured time takes more of two cores than the server does, and measures itself.
 */
import { connect, type Socket } from 'node:net';
import type { Added } from '../contender.ts';
import { pace } from './pace.ts';

export interface Target {
  readonly url: URL;
  readonly connections: number;
  /** What every answer must be. */
  readonly status: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Sends every request once, as fast as the answers come. Rejects on the first other answer or lost connection. */
export async function sendAll(target: Target, requests: readonly Buffer[]): Promise<Added> {
  const latenciesMs = new Float64Array(requests.length);
  const connections = await openAll(target);
  const queue = requests.entries();
  const startedMs = performance.now();
  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((resolve, reject) => {
          const sendNext = (): void => {
            const next = queue.next();
            if (next.done === true) {
              resolve();
              return;
            }
            const [index, request] = next.value;
            const sentMs = performance.now();
            connection.send(request, (error) => {
              latenciesMs[index] = performance.now() - sentMs;
              if (error === undefined) sendNext();
              else reject(error);
            });
          };
          sendNext();
        }),
    ),
  ).finally(() => closeAll(connections));
  const seconds = (performance.now() - startedMs) / 1000;
  return { startedAtMs: performance.timeOrigin + startedMs, seconds, latenciesMs };
}

/**
 * Sends at even distances, whether or not earlier answers have come: a request that finds no idle connection waits, and
 * its time counts from when it was due. Resolves when all are answered, to the times since the epoch at which they were due.
 */
export async function sendPaced(target: Target, requests: readonly Buffer[], perSecond: number): Promise<Float64Array> {
  const connections = await openAll(target);
  const idle = [...connections];
  const late: Buffer[] = [];
  const answered = Promise.withResolvers<undefined>();
  let unanswered = requests.length;
  const dispatch = (request: Buffer, connection: Connection): void => {
    connection.send(request, (error) => {
      unanswered -= 1;
      if (error) answered.reject(error);
      else if (unanswered === 0) answered.resolve(undefined);
      const next = late.shift();
      if (next) dispatch(next, connection);
      else idle.push(connection);
    });
  };
  const paced = pace({ from: 0, count: requests.length, perSecond }, (index) => {
    const request = requests[index];
    // By turns: a server closes a connection that is not used for some seconds.
    const connection = idle.shift();
    if (request === undefined) return;
    if (connection) dispatch(request, connection);
    else late.push(request);
  });
  const [dueMs] = await Promise.all([paced, answered.promise]).finally(() => closeAll(connections));
  return dueMs;
}

/** For requests that are sent one by one. */
export interface Lane {
  /** Resolves with the answer, to when the request was written, in milliseconds since the epoch with fractions. */
  send(request: Buffer): Promise<number>;
  close(): void;
}

export async function openLane(target: Omit<Target, 'connections'>): Promise<Lane> {
  const connections = await openAll({ ...target, connections: 1 });
  const [connection] = connections;
  if (!connection) throw new Error('one connection was asked for');
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const sentMs = performance.timeOrigin + performance.now();
        connection.send(request, (error) => {
          if (error) reject(error);
          else resolve(sentMs);
        });
      }),
    close: () => connection.close(),
  };
}

type Done = (error?: Error) => void;

/** One socket, one request at a time. Calls instead of promises: at this rate those would be half of the client. */
class Connection {
  readonly #socket: Socket;
  readonly #expected: Buffer;
  #received: Buffer | undefined;
  #done: Done | undefined;
  #lost: Error | undefined;

  constructor(socket: Socket, status: number) {
    this.#socket = socket;
    this.#expected = Buffer.from(`HTTP/1.1 ${status} `);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(new Error('the server closed a connection under load')));
  }

  send(request: Buffer, done: Done): void {
    if (this.#lost) {
      done(this.#lost);
      return;
    }
    this.#done = done;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    if (!isWhole(this.#received)) return;
    const answer = this.#received;
    this.#received = undefined;
    if (answer.subarray(0, this.#expected.byteLength).equals(this.#expected)) this.#end();
    else this.#end(new Error(`unexpected answer: ${answer.toString('latin1').slice(0, 600)}`));
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#end(this.#lost);
  }

  #end(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }
}

/** Whether an answer has arrived to its end, by the length that it says or by its last chunk. */
function isWhole(answer: Buffer): boolean {
  const headEnd = answer.indexOf(HEAD_END);
  if (headEnd < 0) return false;
  const bodyStart = headEnd + HEAD_END.byteLength;
  const head = answer.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) return answer.byteLength >= bodyStart + Number(length[1]);
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return true;
  return answer.subarray(bodyStart).includes(LAST_CHUNK);
}

async function openAll({ url, connections, status }: Target): Promise<Connection[]> {
  const target = { host: url.hostname, port: Number(url.port), noDelay: true };
  const open = (): Promise<Connection> =>
    new Promise((resolve, reject) => {
      const socket = connect(target, () => {
        socket.off('error', reject);
        resolve(new Connection(socket, status));
      });
      socket.once('error', reject);
    });
  return await Promise.all(Array.from({ length: connections }, open));
}

function closeAll(connections: readonly Connection[]): void {
  for (const connection of connections) connection.close();
}
