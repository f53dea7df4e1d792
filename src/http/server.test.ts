import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../telemetry/logger.ts';
import { rawRequest } from './raw-socket.fixture.ts';
import { executed, type Fakes, KEY, type Running, startServer } from './running-server.fixture.ts';
import { sign } from './signing.fixture.ts';

const INVOCATIONS = '/2023-03-30/functions/f1/invocations';

const running: Running[] = [];
async function start(fakes: Fakes = {}): Promise<Running> {
  const server = await startServer(fakes);
  running.push(server);
  return server;
}
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

describe('without a signature', () => {
  test('health is told, with its reasons', async () => {
    const parts = {
      isolation: { tier: 'process', gaps: ['no walls'] },
      node: { id: 'node-1', store: 'memory', role: 'alone' } as const,
    };
    const health = { ok: true, reasons: [] as string[], ...parts };
    const server = await start({ options: { health: () => health } });
    const well = await fetch(`${server.url}/healthz`);
    expect([well.status, await well.json()]).toEqual([200, { status: 'ok', ...parts }]);
    Object.assign(health, { ok: false, reasons: ['the disk is full'] });
    const ill = await fetch(`${server.url}/healthz`);
    expect([ill.status, await ill.json()]).toEqual([
      503,
      { status: 'unhealthy', reasons: ['the disk is full'], ...parts },
    ]);
  });

  test('metrics are given as they are', async () => {
    const server = await start();
    const answer = await fetch(`${server.url}/metrics`);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/plain; version=0.0.4', 'up 1\n']);
  });

  test.each(['/healthz', '/metrics'])('nothing but GET is answered at %s', async (path) => {
    const server = await start();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await fetch(`${server.url}${path}`, { method });
      expect([answer.status, await answer.json()]).toMatchObject([400, { Code: 'PathNotSupported' }]);
    }
  });

  test.each(['/healthz', '/metrics'])('HEAD %s is answered as GET is, without the body', async (path) => {
    const server = await start();
    const [got, asked] = [await fetch(`${server.url}${path}`), await fetch(`${server.url}${path}`, { method: 'HEAD' })];
    const said = ({ status, headers }: Response) => [
      status,
      headers.get('content-type'),
      headers.get('content-length'),
    ];
    expect(said(asked)).toEqual(said(got));
    expect(await asked.text()).toBe('');
  });

  test('a server that is ill says so to HEAD as well', async () => {
    const node = { id: 'node-1', store: 'memory', role: 'alone' } as const;
    const health = { ok: false, reasons: ['the disk is full'], isolation: { tier: 'process', gaps: [] }, node };
    const server = await start({ options: { health: () => health } });
    expect((await fetch(`${server.url}/healthz`, { method: 'HEAD' })).status).toBe(503);
  });

  test('a download link that was not given out leads nowhere', async () => {
    const server = await start();
    const answer = await fetch(`${server.url}/meanwhile/code/forged`);
    expect([answer.status, await answer.json()]).toMatchObject([403, { Code: 'AccessDenied' }]);
  });
});

describe('a fault', () => {
  test('of the server is a 500 with the request id, and is logged', async () => {
    const error = vi.fn();
    const server = await start({
      store: { getTask: async () => await Promise.reject(new Error('broken')) },
      options: { logger: { ...silentLogger, error } },
    });
    const answer = await server.fetch({ method: 'GET', target: '/2023-03-30/functions/f1/async-tasks/t' });
    const requestId = answer.headers.get('x-fc-request-id');
    expect([answer.status, await answer.json()]).toMatchObject([
      500,
      { Code: 'InternalServerError', RequestId: requestId },
    ]);
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ requestId }), expect.any(String));
  });

  test('of the store is a 503 with its reason, and no task', async () => {
    const unavailable = Object.assign(new Error('the disk is full'), { name: 'StoreUnavailable' });
    const server = await start({ store: { accept: async () => await Promise.reject(unavailable) } });
    const headers = { 'x-fc-invocation-type': 'Async' };
    const answer = await server.fetch({ method: 'POST', target: INVOCATIONS, headers });
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { Code: 'ResourceThrottled', Message: 'the disk is full' },
    ]);
  });

  test('of the nonce memory is a refusal, not an acceptance', async () => {
    const server = await start({ store: { useNonce: async () => 'full' } });
    const answer = await server.fetch({ method: 'POST', target: INVOCATIONS });
    expect([answer.status, await answer.json()]).toMatchObject([429, { Code: 'ResourceExhausted' }]);
  });
});

test('each answer is logged for whoever debugs, a refusal with its reason, and no query', async () => {
  const debug = vi.fn();
  const server = await start({ options: { logger: { ...silentLogger, debug } } });
  const target = '/2023-03-30/functions/f1/async-tasks/missing';
  const answer = await server.fetch({ method: 'GET', target: `${target}?qualifier=LATEST` });
  const requestId = answer.headers.get('x-fc-request-id');
  expect(debug.mock.calls).toEqual([
    [{ requestId, reason: expect.stringContaining('missing') }, expect.any(String)],
    [{ requestId, method: 'GET', path: target, status: 404 }, expect.any(String)],
  ]);
});

test('a client that goes away aborts its synchronous invocation', async () => {
  const begun = Promise.withResolvers<undefined>();
  const aborted = Promise.withResolvers<undefined>();
  const server = await start({
    async invoke({ signal }) {
      signal.addEventListener('abort', () => aborted.resolve(undefined));
      begun.resolve(undefined);
      await aborted.promise;
      return executed(new Uint8Array());
    },
  });
  const headers = Object.entries(sign({ method: 'POST', target: INVOCATIONS, host: server.host }));
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(rawRequest(`POST ${INVOCATIONS} HTTP/1.1`, [...headers, ['Content-Length', '0']]));
  await begun.promise;
  socket.destroy();
  await aborted.promise;
});

describe('closing', () => {
  test('lets a running request finish, and takes no new connection', async () => {
    const begun = Promise.withResolvers<undefined>();
    const finish = Promise.withResolvers<undefined>();
    const server = await start({
      async invoke() {
        begun.resolve(undefined);
        await finish.promise;
        return executed(Buffer.from('done'));
      },
    });
    const answer = server.fetch({ method: 'POST', target: INVOCATIONS });
    await begun.promise;
    const closed = server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    finish.resolve(undefined);
    const finished = await answer;
    expect([finished.headers.get('connection'), await finished.text()]).toEqual(['close', 'done']);
    await closed;
  });

  test('cuts off what does not end within the grace', async () => {
    const begun = Promise.withResolvers<undefined>();
    const server = await start({
      async invoke({ signal }) {
        begun.resolve(undefined);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return executed(new Uint8Array());
      },
    });
    const answer = server.fetch({ method: 'POST', target: INVOCATIONS });
    const failed = expect(answer).rejects.toThrow();
    await begun.promise;
    await server.close(1);
    await failed;
  });
});

test('a port that is taken is said to be', async () => {
  const server = await start();
  await expect(start({ options: { port: Number(new URL(server.url).port) } })).rejects.toThrow('EADDRINUSE');
});

test('key pairs are looked up once for many requests, and anew after a second', async () => {
  let nowMs = Date.parse('2026-11-20T23:15:56Z');
  const findKey = vi.fn(async () => KEY);
  const server = await start({ now: () => nowMs, options: { findKey } });
  for (let index = 0; index < 3; index += 1) await server.fetch({ method: 'POST', target: INVOCATIONS });
  expect(findKey).toHaveBeenCalledTimes(1);
  nowMs += 1001;
  await server.fetch({ method: 'POST', target: INVOCATIONS });
  expect(findKey).toHaveBeenCalledTimes(2);
});
