/** A request to an HTTP trigger: what its signature covers, what it may measure, and what the function gets of it. */
import type { IncomingMessage } from 'node:http';
import { invalidArgument } from '../../core/errors.ts';
import { readQuery } from '../../core/http-event.ts';
import { rawHeaderLines, type HttpRequest, splitTarget } from '../../core/http-request.ts';
import { KIB } from '../../core/limits.ts';
import type { SignedRequest } from '../authentication/canonical-request.ts';
import { screenHeaders } from '../screen.ts';
import type { RequestHeaders } from '../shared/call.ts';
import { Query } from '../shared/query.ts';
import type { TriggerAddress } from './trigger-address.ts';

/** Function Compute's limits. */
const HEADERS_BYTES_MAX = 8 * KIB;
const TARGET_BYTES_MAX = 4 * KIB;

/** They belong to the connection, not to the request. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What could not be passed on, or could be understood in two ways. Throws `InvalidArgument`. */
export function screenTriggerRequest(request: IncomingMessage): void {
  screenHeaders(request);
  const { url = '', rawHeaders } = request;
  if (!url.startsWith('/')) throw invalidArgument('the request target must be a path');
  if (url.length > TARGET_BYTES_MAX) {
    throw invalidArgument(`path and query may have at most ${TARGET_BYTES_MAX} bytes (actual: ${url.length})`);
  }
  const headersBytes = rawHeaders.reduce((sum, text) => sum + text.length, 0);
  if (headersBytes <= HEADERS_BYTES_MAX) return;
  throw invalidArgument(`the headers may have at most ${HEADERS_BYTES_MAX} bytes (actual: ${headersBytes})`);
}

/** The query is read only when a signature asks for it: the function's own may be written in any way. */
export function signedRequest({ method = '', url = '', headers }: IncomingMessage): SignedRequest {
  const { path, query } = splitTarget(url);
  const singleSlash = path.replace(/^\/+/, '/');
  return {
    method,
    path: singleSlash,
    headers: headers as RequestHeaders,
    get query() {
      return Query.parse(query);
    },
    queryTexts: () => signedTexts(query),
  };
}

/**
 * What the FC scheme signs of a query. A name without `=` stands alone on its line, as the vendor's sample and the SDKs of
 * Python and PHP have it; Go's parser gives it an empty value, and a client in Go signs it with `=`. Throws
 * `InvalidArgument` where two different queries would have the same lines.
 */
function signedTexts(query: string): readonly string[] {
  const pairs = readQuery(query);
  if (pairs.some(([name, value]) => name.includes('=') || /[\u0000-\u001f]/.test(name + value))) {
    throw invalidArgument('a signed query may have no = in its names and no control characters');
  }
  const lines = pairs.map(([name, value]) => `${name}=${value}`);
  const sent = query.split('&').filter((pair) => pair !== '');
  const bare = pairs.map(([name], index) => (sent[index]?.includes('=') === false ? name : (lines[index] ?? '')));
  const texts = [bare, lines].map((form) => form.sort().join('\n'));
  return [...new Set(texts)];
}

export interface ReceivedRequest {
  readonly address: TriggerAddress;
  readonly body: Uint8Array;
  readonly receivedAtMs: number;
  /** Whether `Authorization` was for the server; the function must not get a signature that it could use again. */
  readonly isSigned: boolean;
}

/** As it came, but for what belongs to the connection and what only the server may say or read. */
export function functionRequest(request: IncomingMessage, received: ReceivedRequest): HttpRequest {
  const { address, body, receivedAtMs, isSigned } = received;
  const { method = '', url = '', rawHeaders, headers, socket } = request;
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named, 'content-length', ...(isSigned ? ['authorization'] : [])]);
  return {
    method,
    target: address.target,
    requestUri: url,
    basePath: address.basePath,
    headers: rawHeaderLines(rawHeaders).filter(([name]) => !isDropped(name.toLowerCase(), dropped)),
    clientIp: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    receivedAtMs,
    body,
  };
}

/** Nobody but the server may tell a function what Function Compute tells it. */
function isDropped(name: string, dropped: ReadonlySet<string>): boolean {
  return dropped.has(name) || name.startsWith('x-fc-') || name.startsWith('x-acs-');
}
