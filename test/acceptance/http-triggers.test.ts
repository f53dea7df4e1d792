import { randomBytes } from 'node:crypto';
import type { Trigger } from '@alicloud/fc20230330';
import { UpdateTriggerInput, UpdateTriggerRequest } from '@alicloud/fc20230330';
import { beforeAll, describe, expect, test } from 'vitest';
import { jsonOf, wireError } from '../support/raw-client.ts';
import { exchange, requestBytes } from '../support/raw-http.ts';
import type { Header } from '../support/sign-request.ts';
import {
  callByHost,
  callByPath,
  deployTrigger,
  sampleHeaders,
  shownBy,
  type TriggerCall,
} from '../support/triggers.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

const deploy = (fixture: 'http' | 'web', config: object = {}) => deployTrigger(bench.sdk(), fixture, config);
const byHost = (trigger: Trigger, call?: TriggerCall) => callByHost(bench.server.host, trigger, call);
const byPath = (trigger: Trigger, call?: TriggerCall) => callByPath(bench.server.host, trigger, call);

let web: Trigger;
let builtIn: Trigger;
beforeAll(async () => {
  ({ trigger: web } = await deploy('web'));
  ({ trigger: builtIn } = await deploy('http'));
});

describe('a web function', () => {
  const TARGETS = [
    '/',
    '/a/b',
    '/a%2Fb//c/../d',
    '/?',
    '/x?a=1&a=2&b[]=%20+&=&%zz',
    '/é'.normalize(),
    '/2023-03-30/functions',
  ];

  test.each(TARGETS)('gets %s as it came, by its host and by the path of the API', async (path) => {
    const target = Buffer.from(path, 'utf8').toString('latin1');
    for (const send of [byHost, byPath]) {
      const response = await send(web, { path: target });
      // Node refuses what is no ASCII before anybody sees it.
      if (target === path) expect([response.status, shownBy(response).url]).toEqual([200, path]);
      else expect(response.status).toBe(400);
    }
  });

  test.each(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('gets a %s with its body', async (method) => {
    const body = randomBytes(1000);
    const shown = shownBy(await byHost(web, { method, body }));
    expect([shown.method, shown.body]).toEqual([method, body.toString('base64')]);
  });

  test('gets a HEAD, whose answer has no body', async () => {
    const response = await textOf(web, 'HEAD');
    expect(response).toContain('HTTP/1.1 200 OK');
    expect(response).toContain('content-type: application/json');
    expect(response.endsWith('\r\n\r\n')).toBe(true);
  });

  test.each([
    ['HEAD', 200, [], []],
    ['HEAD', 200, [['x-length', '1']], [expect.stringMatching(/^content-length: [1-9]\d*$/i)]],
    ['GET', 304, [['x-status', '304']], []],
  ] as const)(
    'that answers a %s by %i is not said to have an empty body (%j)',
    async (method, status, headers, said) => {
      const response = await textOf(web, method, headers);
      expect(response).toContain(`HTTP/1.1 ${status} `);
      expect(response.split('\r\n').filter((line) => /^(content-length|transfer-encoding):/i.test(line))).toEqual(said);
    },
  );

  test('gets headers as they came, but for those of the connection and of the server', async () => {
    const headers: readonly Header[] = [
      ['X-Mine', 'ä'],
      ['x-twice', 'a'],
      ['x-twice', 'b'],
      ['Authorization', 'Bearer of the function itself'],
      ['Connection', 'keep-alive, x-hop'],
      ['X-Hop', '1'],
      ['X-Fc-Access-Key-Id', 'forged'],
      ['X-Acs-Date', 'forged'],
      ['TE', 'trailers'],
    ];
    const { rawHeaders } = shownBy(await byPath(web, { headers }));
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
    const valuesOf = (wanted: string) =>
      lines.filter(([name]) => name?.toLowerCase() === wanted).map(([, value]) => value);
    expect(lines).toContainEqual(['X-Mine', 'ä']);
    expect(valuesOf('x-twice')).toEqual(['a', 'b']);
    expect(valuesOf('authorization')).toEqual(['Bearer of the function itself']);
    expect(valuesOf('host')).toEqual([bench.server.host]);
    for (const gone of ['x-hop', 'te', 'x-acs-date']) expect(valuesOf(gone), gone).toEqual([]);
    expect(valuesOf('x-fc-access-key-id')).not.toContain('forged');
    expect(valuesOf('x-fc-base-path')).toEqual([new URL(web.httpTrigger?.urlIntranet ?? '').pathname]);
    expect(valuesOf('x-fc-client-ip')).toEqual(['127.0.0.1']);
    expect(valuesOf('x-fc-control-path')).toEqual(['/http-invoke']);
  });

  test('is answered for by the server where it is the server’s to say', async () => {
    const response = await byHost(web, { headers: [['x-status', '418']] });
    expect(response.status).toBe(418);
    expect(response.headers['x-fc-request-id']).toMatch(/^1-/);
    expect(response.headers['x-fc-instance-id']).toBeDefined();
    expect(response.headers['keep-alive']).not.toBe('timeout=1');
    expect(response.headerNames.filter((name) => name.toLowerCase() === 'set-cookie')).toHaveLength(2);
    expect(response.headers['x-fc-error-type']).toBeUndefined();
  });

  test.each([
    [[['x-status', '500']], 500],
    [[['x-verdict', '404']], 200],
  ] as const)('that fails (%j) is answered for as it answered, and called a failure', async (headers, status) => {
    const response = await byHost(web, { headers });
    expect([response.status, response.headers['x-fc-error-type']]).toEqual([status, 'UnhandledInvocationError']);
    expect(shownBy(response).method).toBe('GET');
  });

  test('that takes a redirect or an empty answer gives it', async () => {
    for (const status of ['302', '304', '204']) {
      expect(
        (await byHost(web, { headers: [['x-status', status]], method: status === '302' ? 'POST' : 'DELETE' })).status,
      ).toBe(Number(status));
    }
  });
});

/** The whole answer, as it comes over the wire. */
async function textOf(trigger: Trigger, method: string, headers: readonly Header[] = []): Promise<string> {
  const { host } = new URL(trigger.httpTrigger?.urlInternet ?? '');
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(bench.server.url);
  const socket = connect(Number(port), hostname);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${method} / HTTP/1.1\r\nhost: ${host}\r\n${lines}connection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a function with a built-in runtime', () => {
  test('gets the request as an event', async () => {
    const headers: readonly Header[] = [
      ['user-agent', 'test'],
      ['x-a', '1'],
      ['X-A', '2'],
    ];
    const response = await byHost(builtIn, { path: '/a%20b?x=1&x=2', headers });
    const { host, hostname } = new URL(builtIn.httpTrigger?.urlInternet ?? '');
    expect(response.headers['content-type']).toBeUndefined();
    expect(jsonOf(response)).toEqual({
      version: 'v1',
      rawPath: '/a%20b',
      body: '',
      isBase64Encoded: false,
      headers: { Host: host, 'User-Agent': 'test', 'X-A': '1,2' },
      queryParameters: { x: '1,2' },
      requestContext: {
        accountId: '1000000000000000',
        domainName: hostname,
        domainPrefix: hostname.split('.')[0],
        requestId: response.headers['x-fc-request-id'],
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        timeEpoch: expect.stringMatching(/^\d{13}$/),
        http: { method: 'GET', path: '/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      },
    });
  });

  const json = { statusCode: 201, headers: { 'x-a': 'b', 'set-cookie': ['c=1', 'd=2'] }, body: '{"e":1}' };
  const RESULTS: readonly (readonly [object, number, string | undefined, string])[] = [
    [{ reply: json }, 201, undefined, '{"e":1}'],
    [{ reply: { statusCode: 200, body: 'aGk=', isBase64Encoded: true } }, 200, undefined, 'hi'],
    [{ reply: { statusCode: 302, headers: { location: '/x' } } }, 302, undefined, ''],
    [{ reply: { statusCode: 200, body: { a: 1 } } }, 200, undefined, '{"a":1}'],
    [{ reply: { a: 1 } }, 200, 'application/json', '{"a":1}'],
    [{ reply: 'plain' }, 200, 'text/plain; charset=utf-8', 'plain'],
    [{ reply: '[1]' }, 200, 'application/json', '[1]'],
    [{ reply: null }, 200, undefined, ''],
    [{ bytes: [0, 255] }, 200, 'application/octet-stream', '\u0000\u00ff'],
  ];
  test.each(RESULTS)('that returns %j is answered for by it', async (script, status, contentType, body) => {
    const response = await byHost(builtIn, { method: 'POST', body: JSON.stringify(script) });
    expect([response.status, response.headers['content-type'], response.body.toString('latin1')]).toEqual([
      status,
      contentType,
      body,
    ]);
  });

  test.each([
    [{ reply: { statusCode: 700 } }, 'the status 700, not 200 to 599'],
    [{ reply: { statusCode: '200' } }, 'a statusCode that is no number'],
    [{ reply: { statusCode: 200, headers: { 'a b': 'c' } } }, "a header 'a b' that HTTP does not allow"],
    [{ reply: { statusCode: 200, headers: { a: 'b\r\nc: d' } } }, "a header 'a' that HTTP does not allow"],
    [{ reply: { statusCode: 200, headers: 'x' } }, 'headers that are no object of strings'],
    [{ reply: { statusCode: 200, body: '?', isBase64Encoded: true } }, 'a body that is not base64'],
    [{ reply: { statusCode: 200, headers: { a: 'x'.repeat(8192) } } }, 'headers of 8193 bytes, more than 8192'],
  ])('that answers with what cannot be sent is refused', async (script, problem) => {
    const response = await byHost(builtIn, { method: 'POST', body: JSON.stringify(script) });
    expect(wireError(response)).toMatchObject({
      status: 502,
      code: 'BadResponse',
      message: expect.stringContaining(`the function answered with ${problem}`),
    });
    expect(response.headers['x-fc-error-type']).toBe('UnhandledInvocationError');
  });

  test('that throws is a bad gateway with its error', async () => {
    const response = await byHost(builtIn, { method: 'POST', body: '{"throw":"as asked"}' });
    expect([response.status, response.headers['x-fc-error-type']]).toEqual([502, 'UnhandledInvocationError']);
    expect(jsonOf(response)).toMatchObject({ errorMessage: 'as asked' });
  });
});

describe('a trigger', () => {
  test('lets through the methods that it names', async () => {
    const { trigger } = await deploy('http', { methods: ['GET', 'PUT'] });
    expect((await byHost(trigger)).status).toBe(200);
    for (const method of ['POST', 'TRACE', 'PURGE']) {
      const response = await byHost(trigger, { method, body: '{}' });
      expect(wireError(response), method).toMatchObject({
        status: 403,
        code: 'AccessDenied',
        message: expect.stringContaining(`lets GET, PUT through, not ${method}`),
      });
      expect(response.headers['x-fc-error-type']).toBe('FcCommonError');
    }
  });

  test('whose internet URL is off is reached by the path of the API alone', async () => {
    const { trigger } = await deploy('http', { disableURLInternet: true });
    expect(wireError(await byHost(trigger))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'access denied due to function internet URL is disable',
    });
    expect((await byPath(trigger)).status).toBe(200);
  });

  test('is there with its first request and gone with its last', async () => {
    const { functionName, trigger } = await deploy('http');
    expect((await byHost(trigger)).status).toBe(200);
    const body = new UpdateTriggerInput({ triggerConfig: '{"authType":"anonymous","methods":["PUT"]}' });
    await bench.sdk().updateTrigger(functionName, 'http', new UpdateTriggerRequest({ body }));
    expect((await byHost(trigger)).status).toBe(403);
    await bench.sdk().deleteTrigger(functionName, 'http');
    expect(wireError(await byPath(trigger))).toMatchObject({ status: 404, code: 'TriggerNotFound' });
    // Nobody's host name is the API's own, which wants a signature.
    expect(wireError(await byHost(trigger))).toMatchObject({ status: 400, code: 'PathNotSupported' });
  });

  test('that does not exist, or whose function does not, is not found', async () => {
    for (const path of [
      `/2023-03-30/proxy/none/`,
      '/2023-03-30/proxy/none.prod/x',
      '/2016-08-15/proxy/none/none',
      '/2023-03-30/proxy/%00/',
    ]) {
      const response = await bench.raw().sendUnsigned('GET', path);
      expect(wireError(response), path).toMatchObject({ status: 404, code: 'TriggerNotFound' });
      expect(response.headers['x-fc-error-type']).toBe('FcCommonError');
    }
  });

  test('is the operator’s where a path names no account, and another’s where it does', async () => {
    const path = new URL(builtIn.httpTrigger?.urlIntranet ?? '').pathname;
    const ask = async (account: string) => {
      const headers: readonly Header[] = [
        ['host', bench.server.host],
        ['x-fc-account-id', account],
      ];
      return (
        await exchange(bench.server.host, requestBytes({ method: 'GET', target: path, headers, body: Buffer.alloc(0) }))
      ).status;
    };
    expect(await ask('1000000000000000')).toBe(200);
    expect(await ask('2000000000000000')).toBe(404);
    expect(await ask('../1000000000000000')).toBe(200);
  });
});

describe('a request that is too much', () => {
  test.each([
    ['a path and query of more than 4 KiB', { path: `/?${'x'.repeat(4096)}` }, 'at most 4096 bytes'],
    ['headers of more than 8 KiB', { headers: [['x-long', 'x'.repeat(8192)]] as const }, 'at most 8192 bytes'],
    [
      'headers that say two things',
      {
        headers: [
          ['x-fc-invocation-type', 'Async'],
          ['x-fc-invocation-type', 'Sync'],
        ] as const,
      },
      'more than once',
    ],
    [
      'a kind of invocation that there is none of',
      { headers: [['x-fc-invocation-type', 'Never']] as const },
      'InvocationType',
    ],
    [
      'an asynchronous body of more than 128 KiB',
      { method: 'POST', body: Buffer.alloc(131_073), headers: [['x-fc-invocation-type', 'Async']] as const },
      '131072 bytes',
    ],
  ])('%s is refused', async (_, call, message) => {
    const response = await byHost(web, call);
    expect(wireError(response)).toMatchObject({ status: 400, message: expect.stringContaining(message) });
  });

  test('of a path that is none is refused', async () => {
    const { host } = new URL(web.httpTrigger?.urlInternet ?? '');
    for (const target of ['http://other/', '*']) {
      const headers: readonly Header[] = [['host', host]];
      const bytes = requestBytes({ method: 'OPTIONS', target, headers, body: Buffer.alloc(0) });
      expect(wireError(await exchange(bench.server.host, bytes)).status, target).toBe(400);
    }
  });
});

describe('a trigger that wants a signature', () => {
  let signed: Trigger;
  beforeAll(async () => {
    ({ trigger: signed } = await deploy('web', { authType: 'function' }));
  });

  test('gets its own, by ACS3 as the vendor’s sample signs, and does not show it to the function', async () => {
    const response = await byHost(signed, { path: '/x?b=2&a=1', headers: sampleHeaders('/x?b=2&a=1') });
    expect(response.status).toBe(200);
    expect(shownBy(response).rawHeaders.map((name) => name.toLowerCase())).not.toContain('authorization');
  });

  test('gets what the SDKs of the API sign, body included', async () => {
    const body = 'the body';
    const target = `${new URL(signed.httpTrigger?.urlIntranet ?? '').pathname}x`;
    const call = { method: 'POST', target, body };
    expect(shownBy(await bench.raw().send(call)).url).toBe('/x');
    expect(wireError(await bench.raw().send({ ...call, sentBody: 'another' }))).toMatchObject({
      code: 'SignatureNotMatch',
      status: 403,
    });
  });

  test('refuses everybody else', async () => {
    expect(wireError(await byHost(signed))).toMatchObject({ status: 400, code: 'MissingRequiredHeader' });
    const cases: readonly (readonly [readonly Header[], string])[] = [
      [[['authorization', 'Bearer x']], 'SignatureNotMatch'],
      [sampleHeaders('/other'), 'SignatureNotMatch'],
      [sampleHeaders('/?a=1'), 'SignatureNotMatch'],
      [sampleHeaders('/', { keyPair: { accessKeyId: 'NOBODY', accessKeySecret: 'x' } }), 'InvalidAccessKeyID'],
      [sampleHeaders('/', { date: new Date(Date.now() - 960_000) }), 'RequestTimeTooSkewed'],
    ];
    for (const [headers, code] of cases) {
      expect(wireError(await byHost(signed, { headers })), code).toMatchObject({ status: 403, code });
    }
  });

  test('refuses the key pair of another account', async () => {
    const pair = jsonOf(await bench.raw().sendJson('POST', '/meanwhile/access-keys', { account: '2000000000000000' }));
    const keyPair = { accessKeyId: String(pair['accessKeyId']), accessKeySecret: String(pair['accessKeySecret']) };
    const response = await byHost(signed, { headers: sampleHeaders('/', { keyPair }) });
    expect(wireError(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('gives the end of the log to who signed, which an open one does not', async () => {
    const log: Header = ['x-fc-log-type', 'Tail'];
    const response = await byHost(signed, { headers: [...sampleHeaders('/'), log] });
    expect(response.headers['x-fc-log-result']).toBeDefined();
    expect(wireError(await byHost(web, { headers: [log] }))).toMatchObject({ status: 403, code: 'AccessDenied' });
  });
});
