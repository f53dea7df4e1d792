/**
 * The event that Function Compute 3.0 makes of an HTTP request for functions that take events: the `v1` object of its
 * documentation. Also how a task shows such a request, whatever the function takes.
 */
import { headerOf, type HttpRequest, splitTarget } from './http-request.ts';
import { utf8Text } from './utf8-text.ts';

export interface HttpEventContext {
  readonly account: string;
  readonly requestId: string;
}

/** Content types, without parameters, whose bodies are text. */
const TEXT_TYPE = /^(text\/.*|application\/(json|xml|javascript|x-www-form-urlencoded|graphql)|.*\+(json|xml))$/;

/** UTF-8 JSON. */
export function httpEvent(request: HttpRequest, context: HttpEventContext): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(eventDocument(request, context)));
}

function eventDocument(request: HttpRequest, { account, requestId }: HttpEventContext): Record<string, unknown> {
  const { path, query } = splitTarget(request.target);
  const host = headerOf(request, 'host') ?? '';
  const domainName = host.replace(/:\d+$/, '');
  return {
    version: 'v1',
    rawPath: path,
    headers: joined(request.headers.map(([name, value]) => [canonicalName(name), value])),
    queryParameters: joined(readQuery(query)),
    ...encodeBody(request),
    requestContext: {
      accountId: account,
      domainName,
      domainPrefix: domainName.split('.', 1)[0] ?? '',
      http: {
        method: request.method,
        path: decodeText(path),
        protocol: 'HTTP/1.1',
        sourceIp: request.clientIp,
        userAgent: headerOf(request, 'user-agent') ?? '',
      },
      requestId,
      time: `${new Date(request.receivedAtMs).toISOString().slice(0, 19)}Z`,
      timeEpoch: String(request.receivedAtMs),
    },
  };
}

/** A type that says nothing, or something wrong, does not make text of bytes that are none. */
function encodeBody(request: HttpRequest): { readonly body: string; readonly isBase64Encoded: boolean } {
  const type = (headerOf(request, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const text = type === '' || TEXT_TYPE.test(type) ? utf8Text(request.body) : undefined;
  if (text !== undefined) return { body: text, isBase64Encoded: false };
  return { body: Buffer.from(request.body).toString('base64'), isBase64Encoded: true };
}

/** Names and values as they are decoded, in the order of the query; what is not well-formed stays as it is. */
export function readQuery(query: string): readonly (readonly [name: string, value: string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decodeText(name.replaceAll('+', ' ')), decodeText(value.replaceAll('+', ' '))];
    });
}

/** Percent-decoded where it can be. */
export function decodeText(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What came more than once is one value, with commas. */
function joined(lines: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  const values = new Map<string, string[]>();
  for (const [name, value] of lines) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

/** `user-agent` → `User-Agent`: the casing of the real service, whatever the client's was. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
