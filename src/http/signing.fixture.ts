/** Signs requests as the SDK does, written from the protocol's description and from nothing of ours. */
import { createHash, createHmac } from 'node:crypto';

export interface Unsigned {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly target: string;
  readonly host: string;
  readonly body?: Uint8Array | string;
  /** Beside those that every signed request has; by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SigningOptions {
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly dateMs?: number;
  readonly nonce?: string;
  readonly version?: string;
}

let nonces = 0;

/** The headers of the signed request, by lower-case name. */
export function sign(request: Unsigned, options: SigningOptions = {}): Record<string, string> {
  const { accessKeyId = 'AKID', accessKeySecret = 'AKSECRET', dateMs = Date.now() } = options;
  nonces += 1;
  const headers: Record<string, string> = {
    host: request.host,
    'x-acs-content-sha256': sha256(request.body ?? ''),
    'x-acs-date': `${new Date(dateMs).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': options.nonce ?? `nonce-${process.pid}-${nonces}`,
    'x-acs-version': options.version ?? request.target.split('/')[1] ?? '',
    ...request.headers,
  };
  const signed = Object.keys(headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .sort();
  const [path = '', query = ''] = request.target.split('?');
  const canonical = [
    request.method,
    path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~'),
    canonicalQuery(query),
    ...signed.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    signed.join(';'),
    headers['x-acs-content-sha256'],
  ].join('\n');
  const signature = createHmac('sha256', accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  const credential = `Credential=${accessKeyId},SignedHeaders=${signed.join(';')},Signature=${signature}`;
  return { ...headers, authorization: `ACS3-HMAC-SHA256 ${credential}` };
}

function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
