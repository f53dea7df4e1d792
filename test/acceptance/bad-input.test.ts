import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFunction } from '../support/functions.ts';
import { jsonOf, wireError } from '../support/raw-client.ts';
import { exchange, requestBytes } from '../support/raw-http.ts';
import { refusalOf } from '../support/sdk.ts';
import { type Header, signedHeaders } from '../support/sign-request.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

let functionName: string;
beforeAll(async () => {
  functionName = await createFunction(bench.sdk());
});

afterAll(async () => {
  // Whatever was thrown at it: it still does its work.
  const { body } = await bench.sdk().invoke(functionName, { payload: 'still here' });
  expect(body.toString()).toBe('still here');
});

const INVALID = { status: 400, code: 'InvalidArgument' };

describe.concurrent('a path', () => {
  test.each([
    ['/', 'PathNotSupported'],
    ['/2023-03-30', 'PathNotSupported'],
    ['/2023-03-30/', 'PathNotSupported'],
    ['/2023-03-30/nothing', 'PathNotSupported'],
    ['/2023-03-30/functions/', 'PathNotSupported'],
    ['/2023-03-30/functions/f/async-tasks/t/start', 'PathNotSupported'],
    ['/2022-01-01/functions', 'PathNotSupported'],
    ['/2023-03-30/functions//code', 'PathNotSupported'],
    ['/2023-03-30/functions/%2e%2e/code', 'InvalidArgument'],
    ['/2023-03-30/functions/../functions', 'InvalidArgument'],
    ['/2023-03-30/functions/a%2Fb', 'InvalidArgument'],
    ['/2023-03-30/functions/a%5Cb', 'InvalidArgument'],
    ['/2023-03-30/functions/a%00b', 'InvalidArgument'],
    ['/2023-03-30/functions/a%0Ab', 'InvalidArgument'],
    ['/2023-03-30/functions/%zz', 'InvalidArgument'],
    ['/2023-03-30/functions/%ff', 'InvalidArgument'],
    ['/2023-03-30/functions/a\\b', 'InvalidArgument'],
  ])('%s is refused', async (target, code) => {
    expect(wireError(await bench.raw().send({ target }))).toMatchObject({ status: 400, code });
  });

  test('that is not known is named, with the method', async () => {
    const answer = await bench.raw().send({ method: 'PUT', target: '/2023-03-30/functions/f/nothing' });
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'PathNotSupported',
      message: "'/2023-03-30/functions/f/nothing' against 'PUT' is not supported",
    });
  });

  test.each(['PATCH', 'OPTIONS', 'TRACE'])('is not supported for %s', async (method) => {
    const answer = await bench.raw().send({ method, target: `/2023-03-30/functions/${functionName}` });
    expect(wireError(answer)).toMatchObject({ status: 400, code: 'PathNotSupported' });
  });

  test.each(['..', '.', 'con', 'a b', 'ä', '🙂', 'Ａ', '%25', "o'brien", 'a'.repeat(200), '1', '$', 'a$', 'a$b$c'])(
    'with the function name %j finds nothing',
    async (name) => {
      const call = bench.sdk().invoke(name);
      expect((await refusalOf(call)).status).toBeOneOf([400, 403, 404]);
    },
  );
});

describe.concurrent('a query', () => {
  test.each([
    ['limit=5&limit=6', 'limit'],
    ['limit=%zz', 'percent-encoded'],
    ['prefix=%ff', 'percent-encoded'],
    ['a%3D1%26b=2', 'name'],
    ['limit=1e9', 'limit'],
    ['limit=NaN', 'limit'],
    ['limit=%D9%A3', "(actual: '٣')"],
  ])('%s is refused', async (query, message) => {
    const answer = await bench.raw().send({ target: `/2023-03-30/functions?${query}` });
    expect(wireError(answer)).toEqual({ ...INVALID, message: expect.stringContaining(message) });
  });

  test('may have parameters that nobody knows', async () => {
    expect((await bench.raw().send({ target: '/2023-03-30/functions?something=else&' })).status).toBe(200);
  });
});

describe.concurrent('a JSON body', () => {
  const put = (body: Uint8Array | string) =>
    bench.raw().send({
      method: 'PUT',
      target: `/2023-03-30/functions/${functionName}/async-invoke-config`,
      body,
      headers: [['content-type', 'application/json']],
    });

  test.each([
    ['{', 'not valid JSON'],
    ['"text"', 'must be a JSON object'],
    ['[]', 'must be a JSON object'],
    ['1', 'must be a JSON object'],
    ['{"asyncTask":true,}', 'not valid JSON'],
    ["{'asyncTask':true}", 'not valid JSON'],
    ['{"__proto__":{"asyncTask":true}}', '__proto__'],
    ['{"a":{"constructor":{}}}', 'constructor'],
    ['{"asyncTask":true,"AsyncTask":false}', 'more than once'],
    ['{"maxAsyncRetryAttempts":1e400}', 'maxAsyncRetryAttempts'],
    ['{"maxAsyncEventAgeInSeconds":9007199254740993}', 'maxAsyncEventAgeInSeconds'],
    ['['.repeat(100_000), 'nested deeper than 32 levels'],
    [`{"a":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`, 'nested deeper than 32 levels'],
  ])('%s is refused', async (body, message) => {
    expect(wireError(await put(body))).toEqual({ ...INVALID, message: expect.stringContaining(message) });
  });

  test('that is not UTF-8 is refused', async () => {
    const answer = await put(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]));
    expect(wireError(answer)).toEqual({ ...INVALID, message: expect.stringContaining('UTF-8') });
  });

  test('that is too long is refused, with the limit', async () => {
    const answer = await put(`{"a":"${'x'.repeat(300_000)}"}`);
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'EntityTooLarge',
      message: expect.stringContaining('(262144 bytes)'),
    });
  });

  test.each(['', 'null', '{}'])('%j stands for no members', async (body) => {
    const other = await createFunction(bench.sdk());
    const target = `/2023-03-30/functions/${other}/async-invoke-config`;
    const answer = await bench.raw().sendJson('PUT', target, body);
    expect([answer.status, jsonOf(answer)['asyncTask']]).toEqual([200, false]);
  });

  test('with a content encoding is refused', async () => {
    const answer = await bench.raw().send({
      method: 'POST',
      target: `/2023-03-30/functions/${functionName}/invocations`,
      headers: [['content-encoding', 'gzip']],
      body: 'x',
    });
    expect(wireError(answer)).toMatchObject({ status: 415, code: 'UnsupportedMediaType' });
  });
});

describe.concurrent('a header', () => {
  test.each(['host', 'authorization', 'x-acs-date', 'x-acs-signature-nonce', 'x-fc-invocation-type', 'content-type'])(
    '%s may not come twice',
    async (name) => {
      const answer = await bench.raw().send({
        method: 'POST',
        target: `/2023-03-30/functions/${functionName}/invocations`,
        headers: [
          ['content-type', 'text/plain'],
          ['x-fc-invocation-type', 'Sync'],
        ],
        tamper: (headers) => [...headers, headers.find(([other]) => other === name) ?? [name, 'x']],
      });
      expect(answer.status).toBe(400);
      expect(jsonOf(answer)).toMatchObject({ Code: 'InvalidArgument', RequestId: answer.headers['x-fc-request-id'] });
    },
  );

  test('list of more than a hundred is refused', async () => {
    const headers = Array.from({ length: 101 }, (_, index): Header => [`x-custom-${index}`, 'x']);
    const answer = await bench.raw().send({ target: '/2023-03-30/functions', headers });
    expect(wireError(answer)).toEqual({ ...INVALID, message: expect.stringContaining('100 headers') });
  });

  test('named __proto__ is just a header', async () => {
    const headers: readonly Header[] = [['__proto__', 'x']];
    expect((await bench.raw().send({ target: '/2023-03-30/functions', headers })).status).toBe(200);
  });
});

const BROKEN: readonly (readonly [what: string, text: string])[] = [
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a blank before the colon', 'GET / HTTP/1.1\r\nhost : x\r\n\r\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['an absolute target', 'GET http://elsewhere/2023-03-30/functions HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['headers of 20 KB', `GET / HTTP/1.1\r\nhost: x\r\na: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['a length that is none', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1x\r\n\r\na'],
  ['chunks of no size', 'POST /2023-03-30/functions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
];

describe.concurrent('a request that is not HTTP gets an error all the same:', () => {
  test.each(BROKEN)('%s', async (_, text) => {
    const answer = await exchange(bench.server.host, text);
    expect(answer.status).toBeOneOf([400, 413, 431]);
    if (answer.body.length > 0) expect(answer.headers).toHaveProperty('x-fc-request-id');
  });
});

describe.concurrent('a body may come', () => {
  test('in chunks, cut anywhere', async () => {
    const payload = 'cut into pieces';
    const target = `/2023-03-30/functions/${functionName}/invocations`;
    const { host } = bench.server;
    const body = Buffer.from(payload);
    const headers: readonly Header[] = [
      ...signedHeaders({ method: 'POST', target, host, body }),
      ['transfer-encoding', 'chunked'],
    ];
    const chunks = Array.from(payload, (letter) => `1\r\n${letter}\r\n`).join('');
    const head = requestBytes({ method: 'POST', target, headers, body: Buffer.alloc(0) });
    const answer = await exchange(host, Buffer.concat([head, Buffer.from(`${chunks}0\r\n\r\n`)]));
    expect([answer.status, answer.body.toString()]).toEqual([200, payload]);
  });

  test('never, when the client goes away: others are served meanwhile', async () => {
    const { hostname, port } = new URL(bench.server.url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    const target = `/2023-03-30/functions/${functionName}/invocations`;
    const headers: readonly Header[] = [
      ...signedHeaders({ method: 'POST', target, host: bench.server.host, body: Buffer.from('abc') }),
      ['content-length', '3'],
    ];
    socket.write(requestBytes({ method: 'POST', target, headers, body: Buffer.from('a') }));
    const { body } = await bench.sdk().invoke(functionName, { payload: 'served' });
    expect(body.toString()).toBe('served');
    socket.destroy();
  });
});
