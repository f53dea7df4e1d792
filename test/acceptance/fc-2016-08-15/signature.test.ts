import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FcSigning, fcSignedHeaders } from '../../support/fc-signature.ts';
import { jsonOf, wireError } from '../../support/raw-client.ts';
import { exchange, type RawResponse, requestBytes } from '../../support/raw-http.ts';
import { Sdk2016 } from '../../support/sdk-2016.ts';
import { SdkClient } from '../../support/sdk.ts';
import { OPERATOR, startServer } from '../../support/server.ts';
import { createServiceFunction, type Place } from '../../support/services.ts';
import type { Header } from '../../support/sign-request.ts';
import { WireLog } from '../../support/wire-log.ts';
import { useOlderServer } from '../fc-2/older-bench.ts';

const bench = useOlderServer((target, log) => new Sdk2016(target, log));

interface Sent {
  readonly method?: string;
  readonly target: string;
  readonly headers?: readonly Header[];
  readonly body?: string;
  readonly signing?: FcSigning;
  /** What goes over the wire in place of what was signed. */
  readonly sent?: { readonly method?: string; readonly target?: string; readonly body?: string; readonly add?: Header };
}

async function send({
  method = 'GET',
  target,
  headers = [],
  body = '',
  signing,
  sent = {},
}: Sent): Promise<RawResponse> {
  const { host } = bench.server;
  const signed = fcSignedHeaders({ method, target, host, body: Buffer.from(body), headers }, signing);
  return await exchange(
    host,
    requestBytes({
      method: sent.method ?? method,
      target: sent.target ?? target,
      headers: sent.add === undefined ? signed : [...signed, sent.add],
      body: Buffer.from(sent.body ?? body),
    }),
  );
}

let place: Place;
let invocations: string;
beforeAll(async () => {
  place = await createServiceFunction(bench.api, { fixture: 'echo' });
  invocations = `/2016-08-15/services/${place.service}/functions/${place.function}/invocations`;
});

const md5 = (body: string) => createHash('md5').update(body).digest();

describe('the FC scheme', () => {
  test('is refused where key pairs are made: it may leave the body unsigned', async () => {
    expect(wireError(await send({ target: '/meanwhile/access-keys' }))).toMatchObject({ code: 'SignatureNotMatch' });
  });

  test.each(['/2016-08-15/services', '/2021-04-06/services', '/2023-03-30/functions'])(
    'is taken for %s, as is ACS3',
    async (target) => {
      expect((await send({ target })).status).toBe(200);
      expect((await bench.raw.send({ target })).status).toBe(200);
    },
  );

  const WRONG: readonly [string, Partial<Sent>, string, number][] = [
    ['an unknown key', { signing: { keyPair: { ...OPERATOR, accessKeyId: 'NOBODY' } } }, 'InvalidAccessKeyID', 403],
    ['another secret', { signing: { keyPair: { ...OPERATOR, accessKeySecret: 'x' } } }, 'SignatureNotMatch', 403],
    ['another method', { sent: { method: 'PUT' } }, 'SignatureNotMatch', 403],
    ['another path', { sent: { target: '/2016-08-15/tags' } }, 'SignatureNotMatch', 403],
    ['another version', { sent: { target: '/2021-04-06/services' } }, 'SignatureNotMatch', 403],
    ['a header of FC that was added', { sent: { add: ['x-fc-invocation-type', 'Async'] } }, 'SignatureNotMatch', 403],
    [
      'a header of FC that came twice',
      { headers: [['x-fc-trace-id', 'a']], sent: { add: ['x-fc-trace-id', 'b'] } },
      'InvalidArgument',
      400,
    ],
    [
      'a date of sixteen minutes ago',
      { signing: { date: new Date(Date.now() - 960_000) } },
      'RequestTimeTooSkewed',
      403,
    ],
    [
      'a date of sixteen minutes from now',
      { signing: { date: new Date(Date.now() + 960_000) } },
      'RequestTimeTooSkewed',
      403,
    ],
    ['a token of a pair that has none', { headers: [['x-fc-security-token', 'x']] }, 'InvalidSecurityToken', 403],
  ];
  test.each(WRONG)('refuses %s', async (_, change, code, status) => {
    expect(wireError(await send({ target: '/2016-08-15/services', ...change }))).toMatchObject({ code, status });
  });

  // The signature is over the decoded path, so each of these would have that of another path.
  test.each(['%2F', '%5C', '%00', '%0A', '%7F', '/../x', '/./x', '/%2e%2e/x'])('refuses %s in a path', async (part) => {
    const target = `/2016-08-15/services${part}`;
    const headers = fcSignedHeaders({ method: 'GET', target, host: bench.server.host, body: Buffer.alloc(0) });
    const answer = await exchange(
      bench.server.host,
      requestBytes({ method: 'GET', target, headers, body: Buffer.alloc(0) }),
    );
    expect(wireError(answer)).toMatchObject({ code: 'InvalidArgument', status: 400 });
  });

  test('holds a body to its Content-MD5, in each of the forms that clients send', async () => {
    const body = '{"k":1}';
    const forms = [
      md5(body).toString('base64'),
      Buffer.from(md5(body).toString('hex')).toString('base64'),
      md5(body).toString('hex'),
    ];
    for (const form of forms) {
      const call = { method: 'POST', target: invocations, body, headers: [['content-md5', form]] as const };
      expect((await send(call)).body.toString()).toBe(body);
      expect(wireError(await send({ ...call, sent: { body: '{"k":2}' } }))).toMatchObject({
        code: 'SignatureNotMatch',
        message: expect.stringContaining('Content-MD5'),
      });
    }
  });

  test('takes no qualifier from the query, which it does not cover', async () => {
    const answer = await send({
      method: 'POST',
      target: invocations,
      body: 'x',
      sent: { target: `${invocations}?qualifier=none` },
    });
    expect([answer.status, answer.body.toString()]).toEqual([200, 'x']);
  });

  test('works with temporary credentials, whose token is signed', async () => {
    const target = '/meanwhile/access-keys';
    const pair = jsonOf(await bench.raw.sendJson('POST', target, { withSecurityToken: true }));
    const keyPair = {
      accessKeyId: String(pair['accessKeyId']),
      accessKeySecret: String(pair['accessKeySecret']),
    };
    const securityToken = String(pair['securityToken']);
    const api = new Sdk2016({ host: bench.server.host, keyPair: { ...keyPair, securityToken } }, bench.log);
    expect((await api.call('ListServices')).json['services']).toBeInstanceOf(Array);
    const services = '/2016-08-15/services';
    const token: Header = ['x-fc-security-token', securityToken];
    expect((await send({ target: services, signing: { keyPair }, headers: [token] })).status).toBe(200);
    for (const headers of [[], [['x-fc-security-token', 'other']]] as const) {
      const refused = await send({ target: services, signing: { keyPair }, headers });
      expect(wireError(refused)).toMatchObject({ code: 'InvalidSecurityToken', status: 403 });
    }
  });
});

test('a server that is told to takes ACS3 only', async () => {
  const server = await startServer({ env: { MEANWHILE_SIGNATURES: 'acs3' } });
  try {
    const older = new Sdk2016({ host: server.host }, new WireLog());
    expect(await older.refusal('ListServices')).toMatchObject({
      code: 'SignatureNotMatch',
      message: expect.stringContaining('ACS3-HMAC-SHA256 only'),
    });
    const newer = new SdkClient({ host: server.host }, new WireLog());
    const { ListFunctionsRequest } = await import('@alicloud/fc20230330');
    expect((await newer.listFunctions(new ListFunctionsRequest({}))).statusCode).toBe(200);
  } finally {
    await server.stop();
  }
});
