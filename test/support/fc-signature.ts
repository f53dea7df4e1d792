/** Signs requests by the FC scheme, written from its description: what the server checks must not be what it is checked by. */
import { createHmac } from 'node:crypto';
import { type KeyPair, OPERATOR } from './server.ts';
import type { Header, UnsignedRequest } from './sign-request.ts';

export interface FcSigning {
  readonly keyPair?: KeyPair;
  readonly date?: Date;
  /** Of a request to an HTTP trigger: the lines that are signed for its query. */
  readonly queryLines?: readonly string[];
}

/** All headers of the signed request, `authorization` last. */
export function fcSignedHeaders(
  request: UnsignedRequest,
  { keyPair = OPERATOR, date = new Date(), queryLines }: FcSigning = {},
) {
  const headers: readonly Header[] = [['host', request.host], ['date', date.toUTCString()], ...(request.headers ?? [])];
  const valueOf = (wanted: string): string => headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const own = headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-fc-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  const text = [
    `${request.method}\n${valueOf('content-md5')}\n${valueOf('content-type')}\n${valueOf('date')}\n`,
    ...own,
    decodeURIComponent(request.target.split('?')[0] ?? ''),
    ...(queryLines === undefined ? [] : [`\n${queryLines.join('\n')}`]),
  ].join('');
  const signature = createHmac('sha256', keyPair.accessKeySecret).update(text).digest('base64');
  return [...headers, ['authorization', `FC ${keyPair.accessKeyId}:${signature}`]] as readonly Header[];
}
