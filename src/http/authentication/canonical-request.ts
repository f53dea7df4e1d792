/** The text that an ACS3 signature is computed over. */
import { FcError } from '../../core/errors.ts';
import type { RequestHeaders } from '../shared/call.ts';
import type { Query } from '../shared/query.ts';
import type { SignedHeaders } from './authorization.ts';

export interface SignedRequest {
  readonly method: string;
  /** As on the wire, still encoded. */
  readonly path: string;
  readonly query: Query;
  readonly headers: RequestHeaders;
  /**
   * Where the FC scheme covers the query, which it does for requests to HTTP triggers alone: the texts that may have been
   * signed for it, each of sorted lines `name=value`, decoded. At least one.
   */
  readonly queryTexts?: () => readonly string[];
}

export function canonicalRequest(request: SignedRequest, signed: SignedHeaders): string {
  const { method, path, query, headers } = request;
  const bodySha256 = headers['x-acs-content-sha256'] ?? '';
  return `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n${canonicalHeaders(request, signed)}\n${signed.text}\n${bodySha256}`;
}

/** The SDKs make these replacements after encoding, so that a path is signed the same however it was encoded. */
function canonicalPath(path: string): string {
  if (!/[+*%]/.test(path)) return path;
  return path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
}

/**
 * Sorted by name; names are not encoded, values are by RFC 3986. `Query` takes no name that the text could be taken apart
 * at: with `a%3D1%26b=2` and `a=1&b=2` one signature would stand for two different requests.
 */
function canonicalQuery({ parameters }: Query): string {
  if (parameters.size === 0) return '';
  const names = [...parameters.keys()].sort();
  return names.map((name) => `${name}=${encode(parameters.get(name) ?? '')}`).join('&');
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalHeaders(request: SignedRequest, signed: SignedHeaders): string {
  const { headers } = request;
  let text = '';
  for (const name of signed.names) {
    const value = headers[name];
    if (value === undefined) throw new FcError('SignatureNotMatch', `the signed header ${name} was not sent`);
    text += `${name}:${value}\n`;
  }
  // An unsigned one could be added or changed on the way.
  for (const name in headers) {
    if (mustBeSigned(name, request) && !signed.set.has(name)) {
      throw new FcError('SignatureNotMatch', `the signature must cover ${name}`);
    }
  }
  return text;
}

/** The content type of a request to a trigger is the function's business; clients add it after they signed. */
function mustBeSigned(name: string, { queryTexts }: SignedRequest): boolean {
  return name.startsWith('x-acs-') || (name === 'content-type' && queryTexts === undefined);
}
