/** What a function answers to an HTTP request, and how a result that is no answer becomes one. */
import type { HeaderLine } from './http-request.ts';
import { utf8Text } from './utf8-text.ts';

export interface ResponseHead {
  /** 200 to 599. */
  readonly status: number;
  readonly headers: readonly HeaderLine[];
}

export interface HttpResponse extends ResponseHead {
  readonly body: Uint8Array;
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What Node can send: tabs and all from the blank up, but for DEL. */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** Without groups, for which the engine keeps a note each: from 5 MiB on they were too many for it. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What is wrong with a head, as words that follow "the function answered with"; undefined when it can be sent. */
export function problemOfHead({ status, headers }: ResponseHead): string | undefined {
  if (!Number.isInteger(status) || status < 200 || status > 599) return `the status ${status}, not 200 to 599`;
  const bad = headers.find(([name, value]) => !HEADER_NAME.test(name) || !HEADER_VALUE.test(value));
  return bad && `a header '${bad[0].slice(0, 64)}' that HTTP does not allow`;
}

/**
 * The result of a function that takes events, read as Function Compute 3.0 does: an object with `statusCode` is an answer
 * (`headers`, `body`, `isBase64Encoded`), anything else is the body of a 200. Gives a problem, in the words of
 * `problemOfHead`, for an object that cannot be sent.
 */
export function responseOfResult(result: Uint8Array): HttpResponse | { readonly problem: string } {
  const text = utf8Text(result);
  if (text === undefined) return plain(result, 'application/octet-stream');
  const value = parse(text);
  if (value === undefined) return plain(result, 'text/plain; charset=utf-8');
  if (isObject(value) && 'statusCode' in value) return structured(value);
  return plain(result, 'application/json');
}

function plain(body: Uint8Array, contentType: string): HttpResponse {
  return { status: 200, headers: body.byteLength === 0 ? [] : [['Content-Type', contentType]], body };
}

function structured(value: Readonly<Record<string, unknown>>): HttpResponse | { readonly problem: string } {
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = value;
  const lines = headerLines(headers ?? {});
  if (typeof statusCode !== 'number') return { problem: 'a statusCode that is no number' };
  if (lines === undefined) return { problem: 'headers that are no object of strings' };
  if (typeof isBase64Encoded !== 'boolean') return { problem: 'an isBase64Encoded that is neither true nor false' };
  const content = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  if (isBase64Encoded && !isBase64(content)) return { problem: 'a body that is not base64, as isBase64Encoded says' };
  const bytes = isBase64Encoded ? Buffer.from(content, 'base64') : new TextEncoder().encode(content);
  return { status: statusCode, headers: lines, body: bytes };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && BASE64.test(text);
}

/** Values are texts or numbers, or lists of them for a header that is to come more than once. */
function headerLines(headers: unknown): readonly HeaderLine[] | undefined {
  if (!isObject(headers)) return undefined;
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((entry) => [name, entry] as const),
  );
  if (!lines.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return lines.map(([name, value]) => [name, String(value)]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
