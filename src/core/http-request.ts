/**
 * A request that came through an HTTP trigger, as it is kept until the function is given it. The payload of such an
 * invocation is the length of the head (4 bytes, big endian), the head as JSON, and the body as it came.
 */
import type { PayloadForm } from './task.ts';

/** In the casing of the wire; a name may come more than once. */
export type HeaderLine = readonly [name: string, value: string];

export interface HttpRequestHead {
  readonly method: string;
  /** Path and query as the function is to see them, still encoded; begins with a slash. */
  readonly target: string;
  /** Path and query as they were on the wire. */
  readonly requestUri: string;
  /** What stands before the function's own paths, with a slash at its end; `/` where it has a host of its own. */
  readonly basePath: string;
  /** Without those that belong to the connection, and without what only the server is to read. */
  readonly headers: readonly HeaderLine[];
  readonly clientIp: string;
  /** Epoch milliseconds. */
  readonly receivedAtMs: number;
}

export interface HttpRequest extends HttpRequestHead {
  readonly body: Uint8Array;
}

const LENGTH_BYTES = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeHttpRequest({ body, ...head }: HttpRequest): Uint8Array {
  const headBytes = encoder.encode(JSON.stringify(head));
  const payload = new Uint8Array(LENGTH_BYTES + headBytes.byteLength + body.byteLength);
  new DataView(payload.buffer).setUint32(0, headBytes.byteLength);
  payload.set(headBytes, LENGTH_BYTES);
  payload.set(body, LENGTH_BYTES + headBytes.byteLength);
  return payload;
}

/** The body is a view of the payload. */
export function decodeHttpRequest(payload: Uint8Array): HttpRequest {
  const bodyAt = endOfHead(payload);
  const head = JSON.parse(decoder.decode(payload.subarray(LENGTH_BYTES, bodyAt))) as HttpRequestHead;
  return { ...head, body: payload.subarray(bodyAt) };
}

/** What a limit of payloads counts: the event, or the request's body. */
export function payloadContentBytes(form: PayloadForm, payload: Uint8Array): number {
  return form === 'event' ? payload.byteLength : payload.byteLength - endOfHead(payload);
}

function endOfHead(payload: Uint8Array): number {
  return LENGTH_BYTES + new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0);
}

/** Path and query of a target; the path begins with a slash, the query has no question mark. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const question = target.indexOf('?');
  return question < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, question), query: target.slice(question + 1) };
}

/** Names and values as Node gives them, in turn. */
export function rawHeaderLines(rawHeaders: readonly string[]): readonly HeaderLine[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
}

/** The lines of one header, joined as HTTP says; undefined when it was not sent. */
export function headerOf({ headers }: Pick<HttpRequestHead, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([line]) => line.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}
