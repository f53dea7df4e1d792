/** Signs a request as the vendor's SDKs do, with ACS3-HMAC-SHA256. Covers what the commands send: no query. */
import { createHash, createHmac } from 'node:crypto';

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** `x-acs-version`: which API the path belongs to. */
  readonly version: string;
  /** Name of the operation. */
  readonly action: string;
  /** Empty for none. */
  readonly body: string;
}

export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** What makes two signatures of one request differ. */
export interface Moment {
  readonly now: Date;
  /** Never used twice. */
  readonly nonce: string;
}

/** The headers to send, `host` included. */
export function signRequest(request: UnsignedRequest, pair: KeyPair, { now, nonce }: Moment): Record<string, string> {
  const bodySha256 = sha256(request.body);
  const signed: Record<string, string> = {
    ...(request.body === '' ? {} : { 'content-type': 'application/json' }),
    host: request.url.host,
    'x-acs-action': request.action,
    'x-acs-content-sha256': bodySha256,
    'x-acs-credentials-provider': 'static_ak',
    'x-acs-date': now.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': request.version,
  };
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => `${name}:${signed[name] ?? ''}\n`).join('');
  const canonical = [request.method, request.url.pathname, '', lines, names.join(';'), bodySha256].join('\n');
  const signature = createHmac('sha256', pair.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  const credential = `Credential=${pair.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...signed, authorization: `ACS3-HMAC-SHA256 ${credential}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
