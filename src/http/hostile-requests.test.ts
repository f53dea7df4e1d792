import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchangeRaw, rawRequest, sendRaw } from './raw-socket.fixture.ts';
import { type Running, startServer } from './running-server.fixture.ts';
import { sign } from './signing.fixture.ts';

let server: Running;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => await server.close());

const TARGET = '/2023-03-30/functions/f1/async-tasks';

/** A signed request; the tests add to its lines what it must not have. */
function signed(method = 'GET', target = TARGET, body = ''): [string, string][] {
  return Object.entries(sign({ method, target, host: server.host, body }));
}

function expectRefusal(answer: Awaited<ReturnType<typeof sendRaw>>): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers['content-type']).toBe('application/json');
  const document = JSON.parse(answer.body) as Record<string, string>;
  expect(document['RequestId']).toBe(answer.headers['x-fc-request-id']);
  expect(document['Code']).toBe(document['ErrorCode']);
  expect(document['Message']).toBe(document['ErrorMessage']);
  expect(document['Message']).toMatch(/./);
}

test('the request that the hostile ones are made of is answered', async () => {
  const answer = await sendRaw(server.host, rawRequest(`GET ${TARGET} HTTP/1.1`, signed()));
  expect(answer.status).toBe(200);
});

test.each([
  ['two Host headers', 'host', 'other'],
  ['two Authorization headers', 'authorization', 'x'],
  ['two dates', 'x-acs-date', '2026-11-20T23:15:56Z'],
  ['two nonces', 'X-Acs-Signature-Nonce', 'n2'],
  ['two task ids', 'x-fc-async-task-id', 'a'],
  ['two content types', 'content-type', 'a/b'],
])('%s are refused', async (_, name, value) => {
  const headers = [...signed(), [name, value] as const, [name, value] as const];
  expectRefusal(await sendRaw(server.host, rawRequest(`GET ${TARGET} HTTP/1.1`, headers)));
});

test('a header that takes part in nothing may come twice', async () => {
  const headers = [...signed(), ['accept', 'a/b'] as const, ['accept', 'c/d'] as const];
  expect((await sendRaw(server.host, rawRequest(`GET ${TARGET} HTTP/1.1`, headers))).status).toBe(200);
});

test('a header named __proto__ is one among others', async () => {
  const headers = [...signed(), ['__proto__', 'x'] as const];
  expect((await sendRaw(server.host, rawRequest(`GET ${TARGET} HTTP/1.1`, headers))).status).toBe(200);
});

test('more than 100 headers are refused, not cut off', async () => {
  const many = Array.from({ length: 100 }, (_, index) => [`x-h${index}`, 'v'] as const);
  expectRefusal(await sendRaw(server.host, rawRequest(`GET ${TARGET} HTTP/1.1`, [...signed(), ...many])));
});

test.each([
  'http://evil/2023-03-30/functions',
  '*',
  '/2023-03-30/functions/%00',
  '/2023-03-30/functions/%zz',
  '/2023-03-30/functions/%ff',
  '/2023-03-30/functions/%2e%2e',
  '/2023-03-30/functions/..',
  '/2023-03-30/./functions',
  '/2023-03-30/functions/a%2Fb',
  '/2023-03-30/functions/a%5Cb',
  '/2023-03-30/functions/a\\b',
  '/2023-03-30/functions/%0d%0aX:1',
  '/2023-03-30/functions/%7f',
  '/2023-03-30/functions#f',
  '/2023-03-30/functions?prefix=%ff',
  '/2023-03-30/functions?prefix=%',
  '/2023-03-30/functions?limit=1&limit=2',
  '/2023-03-30/functions?a%3D1%26b=2',
  '/',
  '//',
  '/2023-03-31/functions',
  '/healthz/x',
  '/__proto__',
  '/constructor/x',
])('the target %s is refused before anybody is asked who it is from', async (target) => {
  const answer = await sendRaw(server.host, rawRequest(`GET ${target} HTTP/1.1`, [['Host', server.host]]));
  expectRefusal(answer);
  expect(JSON.parse(answer.body)).toMatchObject({
    Code: expect.stringMatching(/^(InvalidArgument|PathNotSupported)$/),
  });
});

test.each(['/2023-03-30/proxy/web/%zz', '/2016-08-15/proxy/s/f/%ff', '/2023-03-30/proxy/%zz/'])(
  "the path %s of a trigger may be a function's own, and its forged signature is refused",
  async (target) => {
    const headers = [
      ['Host', server.host],
      ['Date', new Date().toUTCString()],
      ['Authorization', `FC NOBODY:${'A'.repeat(43)}=`],
    ] as const;
    const answer = await sendRaw(server.host, rawRequest(`GET ${target} HTTP/1.1`, headers));
    expectRefusal(answer);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([403, { Code: 'InvalidAccessKeyID' }]);
  },
);

test.each([
  ['both lengths of a body', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'],
  ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n'],
  ['a blank before the colon', 'X-A : 1\r\n'],
  ['a folded header', 'X-A: 1\r\n 2\r\n'],
  ['a NUL in a header', 'X-A: \0\r\n'],
  ['headers of 20 KB', `X-A: ${'a'.repeat(20_000)}\r\n`],
])('%s: what the parser refuses is answered as JSON too', async (_, lines) => {
  expectRefusal(await sendRaw(server.host, `GET / HTTP/1.1\r\nHost: h\r\n${lines}\r\n`));
});

test('a leading slash too many is forgiven', async () => {
  const answer = await sendRaw(server.host, rawRequest(`GET /${TARGET} HTTP/1.1`, signed()));
  expect(answer.status).toBe(200);
});

test('a body that is not the signed one changes nothing', async () => {
  const target = '/2023-03-30/functions/f1/invocations';
  const headers = sign({
    method: 'POST',
    target,
    host: server.host,
    body: 'ab',
    headers: { 'x-fc-invocation-type': 'Async' },
  });
  const lines = [...Object.entries(headers), ['Content-Length', '2'] as const];
  const answer = await sendRaw(server.host, rawRequest(`POST ${target} HTTP/1.1`, lines, 'ac'));
  expect(answer.status).toBe(403);
  expect(await server.store.countTasks()).toEqual([]);
});

test('a request that expects what nobody does is refused in our words, on whichever path', async () => {
  const lines = [...signed(), ['Expect', 'foo'] as const];
  const answer = await sendRaw(server.host, rawRequest(`GET ${TARGET} HTTP/1.1`, lines));
  expectRefusal(answer);
  expect(JSON.parse(answer.body)).toMatchObject({
    Code: 'InvalidArgument',
    Message: "header expect may say 100-continue alone (actual: 'foo')",
  });
});

test('a client that asks before it sends its body is told to go on', async () => {
  const target = '/2023-03-30/functions/f1/invocations';
  const lines = [
    ...signed('POST', target, 'abc'),
    ['Content-Length', '3'] as const,
    ['Expect', '100-continue'] as const,
  ];
  const answer = await exchangeRaw(server.host, rawRequest(`POST ${target} HTTP/1.1`, lines, 'abc'));
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nabc$/);
});

const FORMS = {
  newer: /^1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}$/,
  older: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};
test.each([
  ['/2023-03-30/functions/%zz', 'newer'],
  ['/2021-04-06/services/%zz', 'older'],
  ['//2016-08-15/services/a%2Fb', 'older'],
  ['/2016-08-15/services?limit=1&limit=2', 'older'],
  ['/2016-08-15?a=%', 'older'],
  ['/2016-08-150/x/..', 'newer'],
] as const)('the id of a request that is refused unread has the form of its version: %s, %s', async (target, form) => {
  const answer = await sendRaw(server.host, rawRequest(`GET ${target} HTTP/1.1`, [['Host', server.host]]));
  expectRefusal(answer);
  expect(answer.headers['x-fc-request-id']).toMatch(FORMS[form]);
});

test('a body may come in pieces', async () => {
  const target = '/2023-03-30/functions/f1/invocations';
  const lines = [...signed('POST', target, 'abc'), ['Transfer-Encoding', 'chunked'] as const];
  const answer = await sendRaw(
    server.host,
    rawRequest(`POST ${target} HTTP/1.1`, lines, '1\r\na\r\n2\r\nbc\r\n0\r\n\r\n'),
  );
  expect(answer).toMatchObject({ status: 200, body: 'abc' });
});

test('a body that is too large is refused with the bound, while it is still being sent', async () => {
  const target = '/2023-03-30/functions/f1/invocations';
  const body = Buffer.alloc(400_000);
  const headers = { 'x-fc-invocation-type': 'Async' };
  const declared = await server.fetch({ method: 'POST', target, body, headers });
  expect(declared.status).toBe(400);
  expect(await declared.json()).toMatchObject({
    Code: 'EntityTooLarge',
    Message: 'payload size exceeds maximum allowed size (131072 bytes)',
  });

  const lines = Object.entries(sign({ method: 'POST', target, host: server.host, body, headers }));
  const chunk = `${body.byteLength.toString(16)}\r\n${body.toString('latin1')}\r\n0\r\n\r\n`;
  const undeclared = await sendRaw(
    server.host,
    rawRequest(`POST ${target} HTTP/1.1`, [...lines, ['Transfer-Encoding', 'chunked']], chunk),
  );
  expect(JSON.parse(undeclared.body)).toMatchObject({ Code: 'EntityTooLarge' });
});

test('a compressed body is refused', async () => {
  const target = '/2023-03-30/functions/f1/invocations';
  const answer = await server.fetch({ method: 'POST', target, body: 'x', headers: { 'content-encoding': 'gzip' } });
  expect(answer.status).toBe(415);
});
