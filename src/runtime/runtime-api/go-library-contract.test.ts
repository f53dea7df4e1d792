import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { requestHeaders } from '../custom/request-headers.ts';
import type { ServerCall, ServerCallEnd } from '../custom/server-call.ts';
import { eventually, machineClock, specOf } from '../runtime.fixture.ts';
import { RuntimeApi } from './runtime-api.ts';

/*
 * The requests of Function Compute's Go library, byte for byte as Go's client writes them, over one connection, and what
 * the library cannot do without in the answers: it was read for this, and is not run.
 */

const ROOT = '/2020-11-11/runtime';
const NAMES_ITSELF = 'User-Agent: aliyun-fc-go/go1.21.0';

async function openLibrary() {
  const api = await RuntimeApi.open(machineClock);
  const socket = connect(Number(api.address.split(':')[1]), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    api.close();
  });
  const answered = answersOf(socket);
  const ask = (lines: readonly string[], body = ''): Promise<string> => {
    socket.write([...lines, 'Accept-Encoding: gzip', '', body].join('\r\n'));
    return answered();
  };
  return {
    api,
    next: () => ask([`GET ${ROOT}/invocation/next HTTP/1.1`, `Host: ${api.address}`, NAMES_ITSELF]),
    post: (path: string, body: string) =>
      ask(
        [
          `POST ${ROOT}/${path} HTTP/1.1`,
          `Host: ${api.address}`,
          NAMES_ITSELF,
          `Content-Length: ${Buffer.byteLength(body)}`,
          'Content-Type: application/json',
        ],
        body,
      ),
  };
}

/** Each call gives the next whole answer: its head and its body, whose length is told. */
function answersOf(socket: Socket): () => Promise<string> {
  let come = '';
  socket.on('data', (chunk: Buffer) => (come += chunk.toString()));
  return async () => {
    const end = (): number => {
      const head = come.indexOf('\r\n\r\n');
      return head < 0 ? Infinity : head + 4 + Number(/^content-length: (\d+)/im.exec(come)?.[1] ?? NaN);
    };
    await eventually(() => come.length >= end());
    const answer = come.slice(0, end());
    come = come.slice(end());
    return answer;
  };
}

function callOf(body: string): ServerCall {
  const credentials = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' };
  const head = { controlPath: '/invoke', requestId: 'r-7', qualifier: 'prod', retryCount: 2, taskId: null } as const;
  const spec = { ...specOf({ timeoutSeconds: 9 }), functionName: 'greet', versionId: '3' };
  const headers = requestHeaders(spec, credentials, { ...head, deadlineMs: 1_700_000_000_123 });
  return { method: 'POST', path: '/invoke', headers, body: Buffer.from(body), timeoutMs: 10_000 };
}

const textOf = (end: ServerCallEnd): unknown => (end.kind === 'answered' ? [end.status, end.body.toString()] : end);

describe('the Go library', () => {
  test.each([
    ['x-fc-request-id', 'r-7'],
    ['x-fc-function-deadline', '1700000000123'],
    ['x-fc-function-timeout', '9'],
    ['x-fc-function-type', '0'],
    ['x-fc-retry-count', '2'],
    ['x-fc-function-name', 'greet'],
    ['x-fc-function-handler', 'index.handler'],
    ['x-fc-function-memory', '128'],
    ['x-fc-access-key-id', 'id'],
    ['x-fc-access-key-secret', 'secret'],
    ['x-fc-security-token', 'token'],
    ['x-fc-qualifier', 'prod'],
    ['x-fc-version-id', '3'],
    ['x-fc-region', 'local'],
    ['x-fc-account-id', '1000000000000000'],
  ])('reads %s of an invocation as %s', async (name, value) => {
    const { api, next } = await openLibrary();
    void api.call(callOf('{}'));
    expect((await next()).split('\r\n')).toContain(`${name}: ${value}`);
  });

  test.each([
    ['response', '"a result"', 200],
    ['response', '', 200],
    ['error', '{"errorMessage":"as asked","errorType":"errorString"}', 404],
    ['error', '{"errorMessage":"x","errorType":"y","stackTrace":[{"path":"main.go","line":7,"label":"main"}]}', 404],
  ])('posts an %s of %j, and goes on over its one connection', async (kind, body, status) => {
    const { api, next, post } = await openLibrary();
    for (const event of ['first', 'second']) {
      const call = api.call(callOf(event));
      const answer = await next();
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answer.endsWith(`\r\n\r\n${event}`)).toBe(true);
      // Anything else than 200 it takes for a failure of its own.
      expect(await post(`invocation/r-7/${kind}`, body)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*content-length: 0\r\n/is);
      expect(textOf(await call)).toEqual([status, body]);
    }
  });

  test('waits with its poll for as long as there is nothing to do', async () => {
    const { api, next } = await openLibrary();
    const polling = next();
    await api.polled;
    void api.call(callOf('late'));
    expect((await polling).endsWith('\r\n\r\nlate')).toBe(true);
  });
});
