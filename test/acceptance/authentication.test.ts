import { randomBytes } from 'node:crypto';
import { GetFunctionRequest } from '@alicloud/fc20230330';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFunction } from '../support/functions.ts';
import { type RawCall, type Tamper, wireError } from '../support/raw-client.ts';
import { exchange, requestBytes } from '../support/raw-http.ts';
import { OPERATOR } from '../support/server.ts';
import { type Header, signedHeaders } from '../support/sign-request.ts';
import { BUILT } from './coverage.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

let functionName: string;
let target: string;
beforeAll(async () => {
  functionName = await createFunction(bench.sdk());
  target = `/2023-03-30/functions/${functionName}`;
});

const MINUTE_MS = 60_000;

function set(name: string, value: string): Tamper {
  return (headers) => headers.map(([other, old]): Header => [other, other === name ? value : old]);
}

function change(name: string, replace: (old: string) => string): Tamper {
  return (headers) => headers.map(([other, old]): Header => [other, other === name ? replace(old) : old]);
}

function without(name: string): Tamper {
  return (headers) => headers.filter(([other]) => other !== name);
}

function add(name: string, value: string): Tamper {
  return (headers) => [...headers, [name, value]];
}

describe('a signed request', () => {
  test('is accepted: the signer of these tests and the SDK agree with the server', async () => {
    expect((await bench.raw().send({ target })).status).toBe(200);
    expect((await bench.sdk().getFunction(functionName, new GetFunctionRequest({}))).statusCode).toBe(200);
  });

  test.each([-14 * MINUTE_MS, 14 * MINUTE_MS])('may be %i ms off our clock', async (offsetMs) => {
    const signing = { date: new Date(Date.now() + offsetMs) };
    expect((await bench.raw().send({ target, signing })).status).toBe(200);
  });

  test('may have its query in any order and any valid encoding', async () => {
    const queries = [
      'limit=5&prefix=a%2Bb',
      'prefix=a%2bb&limit=5',
      'prefix=%61&limit=5',
      'prefix=a*!()%27~&limit=',
      'prefix=a+b',
    ];
    for (const query of queries) {
      const { status } = await bench.raw().send({ target: `/2023-03-30/functions?${query}` });
      expect(status, query).toBe(200);
    }
  });
});

const SIGNATURE: readonly (readonly [what: string, call: Partial<RawCall>, code: string, status: number])[] = [
  ['no Authorization', { tamper: without('authorization') }, 'MissingRequiredHeader', 400],
  ['an empty Authorization', { tamper: set('authorization', '') }, 'SignatureNotMatch', 403],
  ['garbage for an Authorization', { tamper: set('authorization', 'garbage') }, 'SignatureNotMatch', 403],
  ['a bearer token', { tamper: set('authorization', 'Bearer abc') }, 'SignatureNotMatch', 403],
  ['the scheme of the older SDK', { tamper: set('authorization', 'FC ACCEPTANCE:abc=') }, 'SignatureNotMatch', 403],
  ['the scheme before that', { tamper: set('authorization', 'acs ACCEPTANCE:abc=') }, 'SignatureNotMatch', 403],
  [
    'another algorithm',
    { tamper: change('authorization', (old) => old.replace('HMAC-SHA256', 'HMAC-SM3')) },
    'SignatureNotMatch',
    403,
  ],
  [
    'the scheme in lower case',
    { tamper: change('authorization', (old) => old.toLowerCase()) },
    'SignatureNotMatch',
    403,
  ],
  ['a signature cut short', { tamper: change('authorization', (old) => old.slice(0, -2)) }, 'SignatureNotMatch', 403],
  ['another signature', { tamper: change('authorization', (old) => flipEnd(old)) }, 'SignatureNotMatch', 403],
  ['an unknown key', { signing: { keyPair: { ...OPERATOR, accessKeyId: 'NOBODY' } } }, 'InvalidAccessKeyID', 403],
  ['another secret', { signing: { keyPair: { ...OPERATOR, accessKeySecret: 'wrong' } } }, 'SignatureNotMatch', 403],
  ['another host', { tamper: set('host', '127.0.0.1:1') }, 'SignatureNotMatch', 403],
  ['another date', { tamper: set('x-acs-date', '2026-01-01T00:00:00Z') }, 'SignatureNotMatch', 403],
  ['another nonce', { tamper: set('x-acs-signature-nonce', 'other') }, 'SignatureNotMatch', 403],
  ['an x-acs header that was added', { tamper: add('x-acs-security-token', 'x') }, 'SignatureNotMatch', 403],
  ['a content type that was added', { tamper: add('content-type', 'text/plain') }, 'SignatureNotMatch', 403],
  ['a signed header that was removed', { tamper: without('x-acs-date') }, 'SignatureNotMatch', 403],
  ['a host that is not signed', { signing: { unsigned: ['host'] } }, 'SignatureNotMatch', 403],
  ['a date that is not signed', { signing: { unsigned: ['x-acs-date'] } }, 'SignatureNotMatch', 403],
  ['a nonce that is not signed', { signing: { unsigned: ['x-acs-signature-nonce'] } }, 'SignatureNotMatch', 403],
  ['a body hash that is not signed', { signing: { unsigned: ['x-acs-content-sha256'] } }, 'SignatureNotMatch', 403],
  ['a version that is not signed', { signing: { unsigned: ['x-acs-version'] } }, 'SignatureNotMatch', 403],
  [
    'signed names in upper case',
    { tamper: change('authorization', (old) => old.replace('host;', 'HOST;')) },
    'SignatureNotMatch',
    403,
  ],
  [
    'a name that is signed twice',
    { tamper: change('authorization', (old) => old.replace('host;', 'host;host;')) },
    'SignatureNotMatch',
    403,
  ],
  ['a date 16 minutes ago', { signing: { date: minutesFromNow(-16) } }, 'RequestTimeTooSkewed', 403],
  ['a date in 16 minutes', { signing: { date: minutesFromNow(16) } }, 'RequestTimeTooSkewed', 403],
  ['the version of another API', { signing: { version: '2021-04-06' } }, 'InvalidArgument', 400],
  ['a body hash that is none', { signing: { contentSha256: 'UNSIGNED-PAYLOAD' } }, 'SignatureNotMatch', 403],
];

describe('a request is refused with', () => {
  test.each(SIGNATURE)('%s', async (_, call, code, status) => {
    const answer = await bench.raw().send({ target, ...call });
    expect(wireError(answer)).toMatchObject({ code, status });
  });

  test('another body than was signed', async () => {
    const call = { method: 'POST', target: `${target}/invocations`, body: 'signed', sentBody: 'sent it' } as const;
    expect(wireError(await bench.raw().send(call))).toMatchObject({ status: 403, code: 'SignatureNotMatch' });
  });

  test('another path, method or query than was signed', async () => {
    const changed = [
      (line: string) => line.replace(functionName, `${functionName}x`),
      (line: string) => line.replace('GET', 'DELETE'),
      (line: string) => line.replace(' HTTP', '?qualifier=1 HTTP'),
    ];
    for (const replace of changed) {
      expect(await sendWithLine(replace)).toMatchObject({ status: 403, code: 'SignatureNotMatch' });
    }
  });

  test('a nonce that was used before', async () => {
    const nonce = randomBytes(16).toString('hex');
    const signing = { nonce, date: new Date() };
    expect((await bench.raw().send({ target, signing })).status).toBe(200);
    expect(wireError(await bench.raw().send({ target, signing }))).toMatchObject({
      status: 403,
      code: 'SignatureNonceUsed',
    });
  });

  test('a nonce that a wrong signature does not use up', async () => {
    const signing = { nonce: randomBytes(16).toString('hex'), date: new Date() };
    const wrong = { ...signing, keyPair: { ...OPERATOR, accessKeySecret: 'wrong' } };
    expect((await bench.raw().send({ target, signing: wrong })).status).toBe(403);
    expect((await bench.raw().send({ target, signing })).status).toBe(200);
  });

  test('a token where the key pair has none', async () => {
    const headers = [['x-acs-security-token', 'x']] as const;
    expect(wireError(await bench.raw().send({ target, headers }))).toMatchObject({
      status: 403,
      code: 'InvalidSecurityToken',
    });
  });

  test('the time that was sent and ours, when they are far apart', async () => {
    const { message } = wireError(await bench.raw().send({ target, signing: { date: minutesFromNow(-60) } }));
    expect(message).toMatch(
      /^the difference between the request time '.* GMT' and the current time '.* GMT' is too large$/,
    );
  });
});

describe('without a right signature, whatever is asked for', () => {
  test.each(Object.entries(BUILT))('%s is refused', async (_, { method, path }) => {
    const wrong = { keyPair: { ...OPERATOR, accessKeySecret: 'wrong' } };
    const place = `/2023-03-30${path.replaceAll('{}', functionName)}`;
    const answer = await bench.raw().send({ method, target: place, signing: wrong });
    expect(wireError(answer)).toMatchObject({ status: 403, code: 'SignatureNotMatch' });
    const unsigned = await bench.raw().sendUnsigned(method, place);
    expect(wireError(unsigned)).toMatchObject({ status: 400, code: 'MissingRequiredHeader' });
  });

  test('an unknown path tells no more than a known one', async () => {
    const answer = await bench.raw().sendUnsigned('GET', '/2023-03-30/nothing');
    expect(wireError(answer)).toMatchObject({ status: 400, code: 'MissingRequiredHeader' });
  });
});

/** A request whose first line was changed after it was signed. */
async function sendWithLine(replace: (line: string) => string) {
  const body = Buffer.alloc(0);
  const { host } = bench.server;
  const headers = signedHeaders({ method: 'GET', target, host, body });
  const bytes = requestBytes({ method: 'GET', target, headers, body }).toString('latin1');
  const end = bytes.indexOf('\r\n');
  return wireError(await exchange(host, `${replace(bytes.slice(0, end))}${bytes.slice(end)}`));
}

function minutesFromNow(minutes: number): Date {
  return new Date(Date.now() + minutes * MINUTE_MS);
}

function flipEnd(text: string): string {
  return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
}
