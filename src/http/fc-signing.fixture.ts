/** Signs requests as the 2016 SDK does, written from the protocol's description and from nothing of ours. */
import { createHmac } from 'node:crypto';
import type { Unsigned } from './signing.fixture.ts';

export interface FcSigningOptions {
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly dateMs?: number;
}

/** The headers of the signed request, by lower-case name. */
export function signFc(request: Unsigned, options: FcSigningOptions = {}): Record<string, string> {
  const { accessKeyId = 'AKID', accessKeySecret = 'AKSECRET', dateMs = Date.now() } = options;
  const headers: Record<string, string> = {
    host: request.host,
    date: new Date(dateMs).toUTCString(),
    ...request.headers,
  };
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-fc-'))
    .sort()
    .map((name) => `${name}:${headers[name] ?? ''}\n`);
  const text = [
    `${request.method}\n${headers['content-md5'] ?? ''}\n${headers['content-type'] ?? ''}\n${headers['date'] ?? ''}\n`,
    ...own,
    decodeURIComponent(request.target.split('?')[0] ?? ''),
  ].join('');
  const signature = createHmac('sha256', accessKeySecret).update(text).digest('base64');
  return { ...headers, authorization: `FC ${accessKeyId}:${signature}` };
}
