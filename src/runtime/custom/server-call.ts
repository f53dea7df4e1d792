/**
 * One request to the HTTP server of an instance. On a connection of its own: servers close idle connections when they
 * like, and a request that is lost to that cannot be told from one that ended the server.
 */
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import { SYNC_PAYLOAD_BYTES_MAX } from '../../core/limits.ts';
import type { EndSignal } from '../runtime.ts';

export interface ServerCall {
  readonly method: string;
  /** With the query, where there is one. */
  readonly path: string;
  /** A list for one that comes more than once. The length of the body is not among them. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  readonly signal?: EndSignal;
}

/** Where the server of an instance is reached. */
export type ServerAddress = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** How a call ended. */
export type ServerCallEnd =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** As they were on the wire: names and values by turns. */
      readonly rawHeaders: readonly string[];
      readonly body: Buffer;
    }
  /** No whole answer came; the reason is a sentence. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number }
  | { readonly kind: 'aborted'; readonly reason: unknown };

/** Never rejects. */
export function callServer(address: ServerAddress, clock: Clock, call: ServerCall): Promise<ServerCallEnd> {
  const { method, path } = call;
  return exchange(request({ ...address, method, path, agent: false, headers: headersToSend(call) }), clock, call);
}

/** Sends the body with a request, whose headers are complete, and waits for the whole answer. Never rejects. */
export function exchange(
  sent: ClientRequest,
  clock: Clock,
  { body, timeoutMs, signal }: Pick<ServerCall, 'body' | 'timeoutMs' | 'signal'>,
): Promise<ServerCallEnd> {
  return new Promise((resolve) => {
    const settle = (end: ServerCallEnd): void => {
      cancelTimer();
      signal?.removeEventListener('abort', abort);
      resolve(end);
      if (end.kind !== 'answered') sent.destroy();
    };
    const abort = (): void => settle({ kind: 'aborted', reason: signal?.reason });
    const cancelTimer = clock.setTimer(timeoutMs, () => settle({ kind: 'timed-out', timeoutMs }));
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    sent.on('error', (error) => settle(broken(error)));
    // Answered so, it is no request any more, and nothing else would tell of it.
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      settle(broken(new Error(`it answered ${response.statusCode ?? 0}, for a protocol that was not asked for`)));
    });
    sent.on('response', (response) => {
      readBody(response).then(
        (content) => settle(answered(response, content)),
        (error: unknown) => settle(broken(error)),
      );
    });
    if (!sent.destroyed) sent.end(body);
  });
}

function answered({ statusCode = 0, headers, rawHeaders }: IncomingMessage, body: Buffer): ServerCallEnd {
  return { kind: 'answered', status: statusCode, headers, rawHeaders, body };
}

/** Methods whose requests have a body, be it empty, so that its length is told. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** With the length of the body. */
export function headersToSend({
  method,
  headers,
  body,
}: Pick<ServerCall, 'method' | 'headers' | 'body'>): Record<string, string | string[]> {
  const copied = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]);
  const length = body.byteLength > 0 || WITH_BODY.has(method) ? { 'content-length': String(body.byteLength) } : {};
  return { ...(Object.fromEntries(copied) as Record<string, string | string[]>), ...length };
}

/** Rejects when there is more than can be returned, or the sender breaks off. */
export async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > SYNC_PAYLOAD_BYTES_MAX) {
      throw new Error(`the answer has more than ${SYNC_PAYLOAD_BYTES_MAX} bytes, which is as much as can be returned`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function broken(error: unknown): ServerCallEnd {
  return { kind: 'broken', reason: error instanceof Error ? error.message : String(error) };
}
