import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SYNC_PAYLOAD_BYTES_MAX } from '../../core/limits.ts';
import { resultBytes } from '../../core/outcome.ts';
import { abortAs, type Bench, errorDocument, eventually, invoke, resultText } from '../runtime.fixture.ts';
import { type Answer, openHttpBench, openTarget, specAt } from './target-server.fixture.ts';

/*
 * The contract with the owner of a URL, each case a real server.
 */

async function openWith(answer?: Answer) {
  return { bench: await openHttpBench(), target: await openTarget(answer) };
}

describe('a call', () => {
  test('is a POST of the event to /invoke with the headers of a custom server, and no key that is good for anything', async () => {
    const target = await openTarget();
    const bench = await openHttpBench();
    const spec = { ...specAt(target.url, { timeoutSeconds: 9 }), functionName: 'greet', versionId: '3' };
    const execution = await bench.run(spec, { event: 'grüß dich', requestId: 'r-7', qualifier: 'prod', retryCount: 2 });
    expect(resultText(execution)).toBe('grüß dich');
    expect(execution).toMatchObject({ coldStart: true, maxMemoryMb: 0, logTail: '' });
    const [asked] = target.asked;
    expect(asked).toMatchObject({ method: 'POST', url: '/invoke', body: 'grüß dich' });
    expect(asked?.headers).toEqual({
      host: `127.0.0.1:${target.port}`,
      connection: 'close',
      'content-type': 'application/octet-stream',
      'content-length': '11',
      'x-fc-request-id': 'r-7',
      'x-fc-control-path': '/invoke',
      'x-fc-function-type': '0',
      'x-fc-function-deadline': expect.stringMatching(/^\d{13}$/),
      'x-fc-access-key-id': expect.stringMatching(/^STS\.[0-9a-f]{24}$/),
      'x-fc-access-key-secret': expect.any(String),
      'x-fc-security-token': expect.any(String),
      'x-fc-function-name': 'greet',
      'x-fc-function-handler': 'index.handler',
      'x-fc-function-memory': '128',
      'x-fc-function-timeout': '9',
      'x-fc-service-name': '',
      'x-fc-service-logproject': '',
      'x-fc-service-logstore': '',
      'x-fc-qualifier': 'prod',
      'x-fc-version-id': '3',
      'x-fc-retry-count': '2',
      'x-fc-region': 'local',
      'x-fc-account-id': '1000000000000000',
    });
  });

  test.each([
    ['', '/invoke'],
    ['/', '/invoke'],
    ['?tenant=a', '/invoke?tenant=a'],
    ['/hooks/order?tenant=a%20b', '/hooks/order?tenant=a%20b'],
  ])('to a URL that ends in %j asks for %s', async (end, path) => {
    const { bench, target } = await openWith();
    await bench.run(specAt(`${target.url}${end}`));
    expect(target.asked.map(({ url }) => url)).toEqual([path]);
  });

  test('is signed where the function has a secret, so that a library of Standard Webhooks can tell', async () => {
    const { bench, target } = await openWith();
    const key = Buffer.from('a secret of enough bytes');
    for (const secret of [`whsec_${key.toString('base64')}`, key.toString()]) {
      const spec = specAt(target.url, { environment: { MEANWHILE_SIGNING_SECRET: secret } });
      await bench.run(spec, { event: '{"a":1}', requestId: 'r-9' });
      const headers = target.asked.at(-1)?.headers ?? {};
      const sent = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.{"a":1}`;
      expect(headers['webhook-id']).toBe('r-9');
      expect(headers['webhook-timestamp']).toMatch(/^\d{10}$/);
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(sent).digest('base64')}`);
      expect(JSON.stringify(target.asked)).not.toContain(secret);
    }
  });

  test('shares nothing with the next: each has a connection of its own', async () => {
    const { bench, target } = await openWith();
    const spec = specAt(target.url);
    for (const event of ['1', '2', '3']) expect(resultText(await bench.run(spec, { event }))).toBe(event);
    expect(target.connections()).toBe(3);
  });

  test('runs beside as many others as instanceConcurrency allows', async () => {
    const waiting: (() => void)[] = [];
    const { bench, target } = await openWith((_, response) => waiting.push(() => response.end('ok')));
    const lease = await bench.acquire(specAt(target.url, { instanceConcurrency: 5 }));
    const calls = Array.from({ length: 5 }, (_, index) => invoke(lease, { requestId: `r-${index}` }));
    await eventually(() => waiting.length === 5);
    for (const answer of waiting) answer();
    expect((await Promise.all(calls)).map(({ outcome }) => outcome.kind)).toEqual(Array(5).fill('returned'));
    lease.release();
  });
});

describe('an answer', () => {
  test.each<readonly [string, number, string | undefined, string]>([
    ['returns', 200, undefined, 'returned'],
    ['returns', 204, undefined, 'returned'],
    ['returns', 200, '200', 'returned'],
    ['returns', 500, '200', 'returned'],
    ['fails', 404, '404', 'function-error'],
    ['fails', 200, '404', 'function-error'],
    ['fails', 404, undefined, 'function-error'],
    ['fails', 429, undefined, 'function-error'],
    ['fails', 502, undefined, 'function-error'],
  ])('%s with status %i and x-fc-status %s', async (_, status, fcStatus, kind) => {
    const { bench, target } = await openWith((_asked, response) => {
      response.writeHead(status, fcStatus === undefined ? {} : { 'x-fc-status': fcStatus });
      response.end(status === 204 ? '' : 'body');
    });
    const execution = await bench.run(specAt(target.url));
    expect(execution.outcome.kind).toBe(kind);
    if (kind === 'returned' || fcStatus !== undefined) {
      expect(resultText(execution)).toBe(status === 204 ? '' : 'body');
    } else {
      const { errorType, errorMessage } = errorDocument(execution);
      expect(errorType).toBe('BadResponse');
      expect(errorMessage).toMatch(new RegExp(`answered ${status} [A-Z].* without x-fc-status.*: body$`));
    }
  });

  test.each([301, 302, 303, 307, 308])('that redirects with %i is a failure, and nobody follows', async (status) => {
    const secret = await openTarget();
    const { bench, target } = await openWith((_asked, response) => {
      response.writeHead(status, { location: secret.url }).end();
    });
    const execution = await bench.run(specAt(target.url));
    expect(errorDocument(execution).errorMessage).toContain('redirects are not followed');
    expect(secret.connections()).toBe(0);
  });

  test('that is longer than can be returned is cut off as a failure', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    let closed = false;
    const { bench, target } = await openWith((_asked, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more).on('close', () => (closed = true));
      more();
    });
    const execution = await bench.run(specAt(target.url));
    expect(errorDocument(execution).errorMessage).toContain(String(SYNC_PAYLOAD_BYTES_MAX));
    await eventually(() => closed);
  });

  test('is never unpacked: what claims to be compressed is the result as it came', async () => {
    const bomb = Buffer.from('1f8b0800000000000003', 'hex');
    const { bench, target } = await openWith((_asked, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    expect(resultBytes(await bench.run(specAt(target.url)))).toEqual(bomb);
  });

  test.each<readonly [string, Answer]>([
    ['breaks off before it begins', (_asked, _response, request) => request.socket.destroy()],
    [
      'breaks off in its middle',
      (_asked, response, request) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => request.socket.destroy());
      },
    ],
    [
      'is a 101',
      (_asked, _response, request) => {
        request.socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
      },
    ],
    ['is no HTTP', (_asked, _response, request) => request.socket.end('SSH-2.0-OpenSSH\r\n')],
  ])('that %s is a failure of the function: it may have run', async (_, answer) => {
    const { bench, target } = await openWith(answer);
    const execution = await bench.run(specAt(target.url));
    expect(execution.outcome).toMatchObject({ kind: 'function-error', handled: false });
    expect(errorDocument(execution).errorType).toBe('BadResponse');
  });
});

describe('an end by others', () => {
  test.each([
    ['stop', 'stopped'],
    ['shutdown', 'interrupted'],
  ] as const)('by %s breaks off the call and leaves its neighbour alone', async (reason, kind) => {
    const waiting = new Map<string, () => void>();
    const closed: string[] = [];
    const { bench, target } = await openWith(({ body }, response) => {
      waiting.set(body, () => response.end(body));
      response.on('close', () => closed.push(body));
    });
    const lease = await bench.acquire(specAt(target.url, { instanceConcurrency: 2 }));
    const controller = new AbortController();
    const calls = [
      invoke(lease, { event: 'ended', requestId: 'r-1', signal: controller.signal }),
      invoke(lease, { event: 'neighbour', requestId: 'r-2' }),
    ] as const;
    await eventually(() => waiting.size === 2);
    abortAs(controller, reason);
    expect((await calls[0]).outcome).toEqual({ kind });
    await eventually(() => closed.includes('ended'));
    waiting.get('neighbour')?.();
    expect(resultText(await calls[1])).toBe('neighbour');
    lease.release();
  });

  test('by its time limit says so in the error and in the log', async () => {
    const { bench, target } = await openWith(() => undefined);
    const execution = await bench.run(specAt(target.url, { timeoutSeconds: 1 }));
    expect(execution.outcome).toEqual({ kind: 'timed-out', timeoutMs: 1000 });
    expect(execution.logTail).toBe('FC Invoke End RequestId: r-1, Error: Function timed out after 1 seconds\n');
    expect(bench.lines).toEqual(['r-1 FC Invoke End RequestId: r-1, Error: Function timed out after 1 seconds']);
  });

  test('by the end of the pool interrupts what runs', async () => {
    const { bench, target } = await openWith(() => undefined);
    const running = bench.run(specAt(target.url));
    await eventually(() => target.asked.length === 1);
    await bench.runtime.pool.close(1_000);
    expect((await running).outcome).toEqual({ kind: 'interrupted' });
  });
});

describe('a URL where nothing answers', () => {
  const refused = (bench: Bench, url: string) => bench.run(specAt(url));

  test('had no instance to give: nothing was sent, so the code did not run', async () => {
    const bench = await openHttpBench();
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    expect((await refused(bench, `http://127.0.0.1:${port}`)).outcome).toEqual({
      kind: 'no-instance',
      reason: `MEANWHILE_URL is not reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  test('with https where there is none has none to give either', async () => {
    const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void plain.close());
    const { port } = plain.address() as { port: number };
    const { outcome } = await refused(await openHttpBench(), `https://127.0.0.1:${port}`);
    expect(outcome.kind).toBe('no-instance');
  });
});
