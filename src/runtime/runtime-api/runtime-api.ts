/**
 * The runtime API of one instance: the program asks for its next invocation and posts what came of it, as those do that
 * are built with Function Compute's Go library. The other way round than a server of the user's, and to the rest of us
 * the same: calls that end.
 */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { readBody, type ServerCall, type ServerCallEnd } from '../custom/server-call.ts';

interface Pending {
  readonly requestId: string;
  readonly call: ServerCall;
  readonly settle: (end: ServerCallEnd) => void;
}

const ROUTE = /^\/2020-11-11\/runtime\/(?:invocation\/(?:(next)|([^/]+)\/(response|error))|(init)\/error)$/;

/** The Go library counts the hooks in another order than the header says for servers: 2 is its pre-freeze. */
const GO_PRE_STOP = '3';

/** Told, since Node.js sends an answer that does not say its length in chunks. */
const EMPTY = { 'content-length': 0 };

export class RuntimeApi {
  readonly #clock: Clock;
  readonly #server: Server;
  /** Not fetched yet, oldest first. */
  readonly #queue: Pending[] = [];
  /** Polls that wait for a call, oldest first. */
  readonly #polls: ServerResponse[] = [];
  /** Fetched, by request id. */
  readonly #running = new Map<string, Pending>();
  readonly #polled = Promise.withResolvers<undefined>();
  #wasPolled = false;
  readonly #initError = Promise.withResolvers<Buffer>();

  private constructor(clock: Clock) {
    this.#clock = clock;
    this.#server = createServer({ requestTimeout: 0 }, (request, response) => void this.#handle(request, response));
  }

  /**
   * On a port of loopback, or on a socket file. Rejects with the system's error when it cannot have it.
   */
  static open(clock: Clock, socketPath?: string): Promise<RuntimeApi> {
    const api = new RuntimeApi(clock);
    const where = socketPath === undefined ? { port: 0, host: '127.0.0.1' } : { path: socketPath };
    return new Promise((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(where, () => resolve(api));
    });
  }

  /** `host:port`, as `FC_RUNTIME_API` says it; for one on a port. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the program asks for its first invocation. */
  get polled(): Promise<undefined> {
    return this.#polled.promise;
  }

  get wasPolled(): boolean {
    return this.#wasPolled;
  }

  /** Resolves with the error document of a program that says it cannot start. */
  get initError(): Promise<Buffer> {
    return this.#initError.promise;
  }

  /** Gives the call to the program; never rejects. */
  call(call: ServerCall): Promise<ServerCallEnd> {
    const { signal, timeoutMs } = call;
    if (signal?.aborted === true) return Promise.resolve({ kind: 'aborted', reason: signal.reason });
    return new Promise((resolve) => {
      const requestId = String(call.headers['x-fc-request-id'] ?? '');
      const settle = (end: ServerCallEnd): void => {
        cancelTimer();
        signal?.removeEventListener('abort', abort);
        this.#running.delete(requestId);
        const index = this.#queue.indexOf(pending);
        if (index >= 0) this.#queue.splice(index, 1);
        resolve(end);
      };
      const abort = (): void => settle({ kind: 'aborted', reason: signal?.reason });
      const pending: Pending = { requestId, call, settle };
      const cancelTimer = this.#clock.setTimer(timeoutMs, () => settle({ kind: 'timed-out', timeoutMs }));
      signal?.addEventListener('abort', abort);
      this.#queue.push(pending);
      this.#deliver();
    });
  }

  /** What is under way ends as broken: the program is gone. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const { settle } of [...this.#queue, ...this.#running.values()]) {
      settle({ kind: 'broken', reason: 'the program ended' });
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [matched, next, requestId = '', result, init] = ROUTE.exec(request.url ?? '') ?? [];
    if (matched === undefined || request.method !== (next === undefined ? 'POST' : 'GET')) {
      response.writeHead(404, EMPTY).end();
    } else if (next !== undefined) {
      this.#poll(response);
    } else {
      await this.#take(request, response, init ?? { requestId, failed: result === 'error' });
    }
  }

  #poll(response: ServerResponse): void {
    this.#polls.push(response);
    response.once('close', () => {
      const index = this.#polls.indexOf(response);
      if (index >= 0) this.#polls.splice(index, 1);
    });
    this.#wasPolled = true;
    this.#polled.resolve(undefined);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#queue.length > 0 && this.#polls.length > 0) {
      const pending = this.#queue.shift();
      const poll = this.#polls.shift();
      if (pending === undefined || poll === undefined) return;
      const { headers, path, body } = pending.call;
      this.#running.set(pending.requestId, pending);
      const type = path === '/pre-stop' ? { 'x-fc-function-type': GO_PRE_STOP } : {};
      const length = { 'content-length': body.byteLength };
      poll.writeHead(200, { ...(headers as OutgoingHttpHeaders), ...type, ...length }).end(body);
    }
  }

  async #take(
    request: IncomingMessage,
    response: ServerResponse,
    what: string | { readonly requestId: string; readonly failed: boolean },
  ): Promise<void> {
    let body: Buffer;
    try {
      body = await readBody(request);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (typeof what === 'object') this.#running.get(what.requestId)?.settle({ kind: 'broken', reason });
      response.writeHead(413, EMPTY).end();
      return;
    }
    if (typeof what === 'string') {
      this.#initError.resolve(body);
      response.writeHead(200, EMPTY).end();
      return;
    }
    const pending = this.#running.get(what.requestId);
    response.writeHead(pending === undefined ? 404 : 200, EMPTY).end();
    // A server of the user's would say both: the header for invocations, the status for hooks.
    const status = what.failed ? 404 : 200;
    const headers = { ...request.headers, 'x-fc-status': String(status) };
    pending?.settle({ kind: 'answered', status, headers, rawHeaders: [], body });
  }
}
