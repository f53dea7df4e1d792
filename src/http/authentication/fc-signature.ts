/**
 * The FC scheme of the older SDKs: `FC <id>:<base64 of HMAC-SHA256>` over method, Content-MD5, content type, date, the
 * `x-fc-*` headers and the decoded path.
 *
 * It covers neither the query nor, without Content-MD5, the body, and knows no nonce. What can be done about it here:
 * paths that two readers could decode differently never come this far (`screen.ts`), a Content-MD5 that is there must be
 * true, and the setting `signatures` refuses the scheme.
 */
import { timingSafeEqual } from 'node:crypto';
import { FcError } from '../../core/errors.ts';
import { decodeText } from '../../core/http-event.ts';
import { parseRfc1123 } from '../shared/dates.ts';
import type { SignedRequest } from './canonical-request.ts';
import type { HmacKey } from './hmac-key.ts';

const AUTHORIZATION = /^FC ([A-Za-z0-9._-]{1,128}):([A-Za-z0-9+/]{43}=)$/;

export interface FcAuthorization {
  readonly accessKeyId: string;
  readonly signature: Buffer;
}

export function parseFcAuthorization(header: string): FcAuthorization {
  const match = AUTHORIZATION.exec(header);
  if (match === null) {
    throw new FcError(
      'SignatureNotMatch',
      "the Authorization header must have the form 'FC <id>:<base64 of HMAC-SHA256>'",
    );
  }
  const [, accessKeyId = '', signature = ''] = match;
  return { accessKeyId, signature: Buffer.from(signature, 'base64') };
}

/** The date that a request was signed with, as it was sent; undefined when the signature fits none. */
export function signedDate(
  request: SignedRequest,
  secret: HmacKey,
  { signature }: FcAuthorization,
): string | undefined {
  let found: string | undefined;
  const resources = resourcesOf(request);
  // All are computed, so that the time tells nothing about which one fitted.
  for (const date of datesOf(request)) {
    for (const resource of resources) {
      const expected = secret.signText(stringToSign(request, date, resource));
      if (timingSafeEqual(expected, signature)) found ??= date;
    }
  }
  return found;
}

/** Of the first form, for an error text: it is what a client's author compares with. */
export function expectedText(request: SignedRequest): string {
  return stringToSign(request, datesOf(request)[0] ?? '', resourcesOf(request)[0] ?? '');
}

function stringToSign({ method, headers }: SignedRequest, date: string, resource: string): string {
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date];
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-fc-'))
    .sort()
    .map((name) => `${name}:${headers[name] ?? ''}`);
  return [...lines, ...own, resource].join('\n');
}

/** `x-fc-date` may stand in for the date, where a client cannot set that (Java). */
function datesOf({ headers }: SignedRequest): readonly string[] {
  const dates = [headers['date'], headers['x-fc-date']].filter((date) => date !== undefined && date !== '');
  return dates.length === 0 ? [''] : [...new Set(dates as string[])];
}

/** The path, and the query where it is covered, in each form that clients sign. */
function resourcesOf(request: SignedRequest): readonly string[] {
  const paths = pathsOf(request);
  const queries = request.queryTexts?.();
  return queries === undefined ? paths : paths.flatMap((path) => queries.map((query) => `${path}\n${query}`));
}

/**
 * Decoded, as it is documented; as it was sent for a name that holds a literal percent sign, which fc2 signs raw. The path
 * of a request to a trigger may be none that can be decoded: it is the function's own.
 */
function pathsOf({ path }: SignedRequest): readonly string[] {
  const decoded = decodeText(path);
  return decoded === path ? [path] : [decoded, path];
}

/** Throws `MissingRequiredHeader` or `InvalidArgument`. */
export function timeOfFcDate(text: string): number {
  if (text === '') throw new FcError('MissingRequiredHeader', 'required HTTP header Date was not specified');
  const epochMs = parseRfc1123(text);
  if (epochMs !== undefined) return epochMs;
  throw new FcError('InvalidArgument', 'Date must have the form Fri, 20 Nov 2026 23:17:28 GMT');
}
