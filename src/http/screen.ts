/**
 * Looks at a request as it came off the wire, before anything trusts it. What is refused here is what Node's parser
 * lets through and two readers could understand differently: a signature proves nothing about such a request.
 */
import type { IncomingMessage } from 'node:http';
import { invalidArgument } from '../core/errors.ts';
import { splitTarget } from '../core/http-request.ts';
import type { RequestHeaders } from './shared/call.ts';
import { Query } from './shared/query.ts';

const HEADERS_MAX = 100;

/** No blanks, no controls, no `#`, no `\`, ASCII only: everything else is to be percent-encoded. */
const PLAIN_PATH = /^[!"$-[\]-~]*$/;
const REFUSED_IN_SEGMENT = /[/\\\u0000-\u001f\u007f]/;

/** After it comes an ARN as one segment, which is a name for a record and nothing else: it may have its slashes. */
const SLASHES_FOLLOW = 'layerarn';

/** Headers that take part in authentication, routing or framing; of these Node keeps the first or joins them silently. */
const ONCE = /^(host|authorization|content-.*|transfer-encoding|x-acs-.*|x-fc-.*)$/;

export interface ScreenedRequest {
  readonly method: string;
  /** As on the wire, still encoded, with one leading slash and without the query. */
  readonly path: string;
  /** Decoded once. The last is empty when the path ends in a slash. */
  readonly segments: readonly string[];
  readonly query: Query;
  readonly headers: RequestHeaders;
}

export type RawRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'> &
  Partial<Pick<IncomingMessage, 'httpVersion'>>;

export function screen(request: RawRequest): ScreenedRequest {
  screenHeaders(request);
  const target = request.url ?? '';
  // An absolute-form target names a host of its own, beside the one that is signed.
  if (!target.startsWith('/')) throw invalidArgument('the request target must be a path');
  const parts = splitTarget(target);
  const path = singleSlash(parts.path);
  return {
    method: request.method ?? '',
    path,
    segments: decodeSegments(path),
    query: Query.parse(parts.query),
    // Node gives an array for set-cookie alone, which nothing here reads.
    headers: request.headers as RequestHeaders,
  };
}

/** An endpoint that is configured with a slash at its end gives paths that begin with two (seen with the 2016 SDK). */
function singleSlash(path: string): string {
  return path.startsWith('//') ? path.replace(/^\/+/, '/') : path;
}

function decodeSegments(path: string): readonly string[] {
  if (!PLAIN_PATH.test(path)) throw invalidArgument('the path holds characters that must be percent-encoded');
  const segments = path.slice(1).split('/');
  const encoded = path.includes('%');
  for (const [index, raw] of segments.entries()) {
    const segment = encoded ? decodeSegment(raw, segments[index - 1] === SLASHES_FOLLOW) : raw;
    if (segment === '.' || segment === '..') throw invalidArgument('the path may not have the segments . and ..');
    segments[index] = segment;
  }
  return segments;
}

function decodeSegment(raw: string, mayHaveSlashes: boolean): string {
  let segment: string;
  try {
    segment = decodeURIComponent(raw);
  } catch {
    throw invalidArgument('the path is not percent-encoded UTF-8');
  }
  // One reader would split the path there, another not.
  if (REFUSED_IN_SEGMENT.test(mayHaveSlashes ? segment.replaceAll('/', '') : segment))
    throw invalidArgument('the path may not have encoded slashes or controls');
  return segment;
}

/** Refuses what two readers of the headers could understand differently. */
export function screenHeaders({ headers, rawHeaders, httpVersion }: RawRequest): void {
  if (headers.host === undefined && httpVersion === '1.1') throw invalidArgument('header host is missing');
  const lines = rawHeaders.length / 2;
  if (lines > HEADERS_MAX) throw invalidArgument(`a request may have at most ${HEADERS_MAX} headers`);
  // Nearly every request ends here: as many names as lines means that none came twice.
  if (Object.keys(headers).length !== lines) refuseRepeated(rawHeaders);
}

function refuseRepeated(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (seen.has(name) && ONCE.test(name)) {
      throw invalidArgument(`header ${name} is given more than once`);
    }
    seen.add(name);
  }
}
