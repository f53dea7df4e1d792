import { afterEach, describe, expect, test } from 'vitest';
import type { Execution } from '../core/outcome.ts';
import { exchangeRaw, rawRequest } from './raw-socket.fixture.ts';
import { executed, type Fakes, type Running, startServer } from './running-server.fixture.ts';
import { sign } from './signing.fixture.ts';

const NOW_MS = Date.parse('2026-11-20T23:15:56Z');
const INVOCATIONS = '/2023-03-30/functions/f1/invocations';
const TASKS = '/2023-03-30/functions/f1/async-tasks';

const running: Running[] = [];
async function start(fakes: Fakes = {}): Promise<Running> {
  const server = await startServer({ now: () => NOW_MS, ...fakes });
  running.push(server);
  return server;
}
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function accept(server: Running, taskId: string, payload = '{"k":1}'): Promise<Response> {
  return await server.fetch({
    method: 'POST',
    target: INVOCATIONS,
    body: payload,
    headers: {
      'x-fc-invocation-type': 'Async',
      'x-fc-async-task-id': taskId,
      'content-type': 'application/octet-stream',
    },
  });
}

describe('bytes', () => {
  interface Sent {
    readonly method: string;
    readonly target: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }

  /** Header lines in their order and casing; what differs from answer to answer is replaced. */
  async function exchange(server: Running, { method, target, headers = {}, body = '' }: Sent): Promise<string[]> {
    const lines = sign({ method, target, host: server.host, body, headers }, { dateMs: NOW_MS });
    const length = method === 'GET' ? [] : [['Content-Length', String(body.length)] as const];
    const request = rawRequest(`${method} ${target} HTTP/1.1`, [...Object.entries(lines), ...length], body);
    const answer = await exchangeRaw(server.host, request);
    return answer
      .replace(/Date: .*\r\n/, '')
      .replaceAll(/1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}/g, 'REQUEST-ID')
      .split('\r\n');
  }

  test('of an accepted task: empty, and without a content type', async () => {
    const server = await start();
    const headers = {
      'x-fc-invocation-type': 'Async',
      'x-fc-async-task-id': 'task-1',
      'content-type': 'application/octet-stream',
    };
    expect(await exchange(server, { method: 'POST', target: INVOCATIONS, headers, body: '{"k":1}' })).toEqual([
      'HTTP/1.1 202 Accepted',
      'X-Fc-Request-Id: REQUEST-ID',
      'X-Fc-Async-Task-Id: task-1',
      'Content-Length: 0',
      'Connection: close',
      '',
      '',
    ]);
  });

  test('of a synchronous result', async () => {
    const server = await start();
    const headers = { 'x-fc-log-type': 'Tail', 'content-type': 'application/octet-stream' };
    expect(await exchange(server, { method: 'POST', target: INVOCATIONS, headers, body: 'hi' })).toEqual([
      'HTTP/1.1 200 OK',
      'X-Fc-Request-Id: REQUEST-ID',
      'X-Fc-Instance-Id: c-1',
      'X-Fc-Code-Checksum: 11051210869376104954',
      'X-Fc-Invocation-Duration: 3',
      'X-Fc-Max-Memory-Usage: 16.43',
      'X-Fc-Invocation-Service-Version: LATEST',
      'Content-Type: application/octet-stream',
      'X-Fc-Log-Result: aGVsbG8K',
      'Content-Length: 2',
      'Connection: close',
      '',
      'hi',
    ]);
  });

  test('of a task', async () => {
    const server = await start();
    await accept(server, 'task-1');
    expect(await exchange(server, { method: 'GET', target: `${TASKS}/task-1?qualifier=LATEST` })).toEqual([
      'HTTP/1.1 200 OK',
      'X-Fc-Request-Id: REQUEST-ID',
      'Content-Type: application/json',
      'Content-Length: 407',
      'Connection: close',
      '',
      '{"taskId":"task-1","functionArn":"acs:fc:local:123:functions/f1","taskErrorMessage":"",' +
        '"taskPayload":"{\\"k\\":1}","requestId":"REQUEST-ID","qualifier":"LATEST",' +
        '"status":"Enqueued","startedTime":1795216556000,"endTime":0,"durationMs":0,"alreadyRetriedTimes":0,' +
        '"destinationStatus":"","instanceId":"",' +
        '"events":[{"eventId":1,"status":"Enqueued","timestamp":1795216556000,"eventDetail":""}]}',
    ]);
  });

  test('of a stop: 204, empty, no content type, no length', async () => {
    const server = await start();
    await accept(server, 'task-1');
    expect(await exchange(server, { method: 'PUT', target: `${TASKS}/task-1/stop` })).toEqual([
      'HTTP/1.1 204 No Content',
      'X-Fc-Request-Id: REQUEST-ID',
      'Connection: close',
      '',
      '',
    ]);
  });

  test('of an error', async () => {
    const server = await start();
    expect(await exchange(server, { method: 'GET', target: `${TASKS}/none` })).toEqual([
      'HTTP/1.1 404 Not Found',
      'X-Fc-Request-Id: REQUEST-ID',
      'Content-Type: application/json',
      'Content-Length: 224',
      'Connection: close',
      '',
      `{"Code":"AsyncTaskNotFound","Message":"task 'none' of function 'f1' does not exist","RequestId":"REQUEST-ID",` +
        `"ErrorCode":"AsyncTaskNotFound","ErrorMessage":"task 'none' of function 'f1' does not exist"}`,
    ]);
  });
});

describe('InvokeFunction', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a log of what has not run',
      { 'x-fc-invocation-type': 'Async', 'x-fc-log-type': 'Tail' },
      "LogType is set to an invalid value (allowed: None, actual: 'Tail')",
    ],
    [
      'an unknown log type',
      { 'x-fc-log-type': 'X' },
      "LogType is set to an invalid value (allowed: Tail | None, actual: 'X')",
    ],
    [
      'an unknown invocation type',
      { 'x-fc-invocation-type': 'Task' },
      "InvocationType is set to an invalid value (allowed: Sync | Async, actual: 'Task')",
    ],
    [
      'a delay that is none',
      { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '-1' },
      "x-fc-async-delay must be an integer from 0 to 3600 (actual: '-1')",
    ],
    [
      'a delay that is too long',
      { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '3601' },
      "x-fc-async-delay must be an integer from 0 to 3600 (actual: '3601')",
    ],
    [
      'two names for the task',
      { 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': 'a', 'x-fc-stateful-async-invocation-id': 'b' },
      'x-fc-async-task-id and x-fc-stateful-async-invocation-id name different tasks',
    ],
  ])('refuses %s', async (_, headers, message) => {
    const server = await start();
    const answer = await server.fetch({ method: 'POST', target: INVOCATIONS, headers });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ Code: 'InvalidArgument', Message: message });
    expect(await server.store.countTasks()).toEqual([]);
  });

  test('takes the task id under its 2.0 name, and the types in any case', async () => {
    const server = await start();
    const headers = { 'x-fc-invocation-type': 'ASYNC', 'x-fc-stateful-async-invocation-id': 'older' };
    const answer = await server.fetch({ method: 'POST', target: INVOCATIONS, headers });
    expect([answer.status, answer.headers.get('x-fc-async-task-id')]).toEqual([202, 'older']);
  });

  test('makes the request id the task id when none is given', async () => {
    const server = await start();
    const answer = await server.fetch({
      method: 'POST',
      target: INVOCATIONS,
      headers: { 'x-fc-invocation-type': 'Async' },
    });
    expect(answer.headers.get('x-fc-request-id')).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}$/);
    expect(answer.headers.get('x-fc-async-task-id')).toBe(answer.headers.get('x-fc-request-id'));
  });

  test('names no task where task mode is off', async () => {
    const server = await start();
    await server.store.writeRecords([{ write: 'delete-under', kind: 'async-config', path: ['123', 'f1'] }]);
    const answer = await accept(server, 'task-1');
    expect([answer.status, answer.headers.get('x-fc-async-task-id')]).toEqual([202, null]);
  });

  test('refuses an id that is taken', async () => {
    const server = await start();
    await accept(server, 'task-1', 'first');
    const answer = await accept(server, 'task-1', 'second');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ Code: 'AsyncTaskAlreadyExists' });
  });

  test('keeps every byte of a payload', async () => {
    const server = await start();
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    const answer = await server.fetch({ method: 'POST', target: INVOCATIONS, body });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body);
  });

  test.each<[string, Execution, string]>([
    [
      'handled',
      executed(new Uint8Array(), {
        outcome: { kind: 'function-error', handled: true, document: Buffer.from('{"errorMessage":"no"}') },
      }),
      '{"errorMessage":"no"}',
    ],
    [
      'unhandled',
      executed(new Uint8Array(), { outcome: { kind: 'timed-out', timeoutMs: 3000 } }),
      '{"errorMessage":"Function timed out after 3 seconds (maxMemoryUsage: 16.43MB)"}',
    ],
  ])('answers 200 with the error type for a function error (%s)', async (_, execution, document) => {
    const server = await start({ invoke: async () => execution });
    const answer = await server.fetch({ method: 'POST', target: INVOCATIONS });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'application/json',
      document,
    ]);
    expect(answer.headers.get('x-fc-error-type')).toMatch(/^(Handled|Unhandled)InvocationError$/);
  });
});

describe('ListAsyncTasks', () => {
  async function list(
    server: Running,
    query: string,
  ): Promise<{ tasks: Record<string, unknown>[]; nextToken: string }> {
    const answer = await server.fetch({ method: 'GET', target: `${TASKS}?${query}` });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { tasks: Record<string, unknown>[]; nextToken: string };
  }

  test('filters, orders and pages', async () => {
    let nowMs = NOW_MS;
    const server = await start({ now: () => nowMs });
    for (const taskId of ['a-1', 'a-2', 'b-1', 'b-2']) {
      await accept(server, taskId);
      nowMs += 1000;
    }
    const ids = async (query: string) => (await list(server, query)).tasks.map(({ taskId }) => taskId);
    expect(await ids('')).toEqual(['b-2', 'b-1', 'a-2', 'a-1']);
    expect(await ids('sortOrderByTime=asc')).toEqual(['a-1', 'a-2', 'b-1', 'b-2']);
    expect(await ids('prefix=a-&qualifier=&status=&nextToken=&limit=')).toEqual(['a-2', 'a-1']);
    expect(await ids('status=Running')).toEqual([]);
    expect(await ids('qualifier=prod')).toEqual([]);
    expect(await ids(`startedTimeBegin=${NOW_MS + 1000}&startedTimeEnd=${NOW_MS + 2000}`)).toEqual(['b-1', 'a-2']);

    const first = await list(server, 'limit=3');
    const second = await list(server, `limit=3&nextToken=${encodeURIComponent(first.nextToken)}`);
    expect([first.tasks.length, second.tasks.map(({ taskId }) => taskId), second.nextToken]).toEqual([3, ['a-1'], '']);
  });

  test('shows payloads only when asked', async () => {
    const server = await start();
    await accept(server, 'a');
    expect((await list(server, '')).tasks[0]).not.toHaveProperty('taskPayload');
    expect((await list(server, 'includePayload=true')).tasks[0]).toHaveProperty('taskPayload', '{"k":1}');
  });

  test.each([
    ['limit=0', "limit must be an integer from 1 to 100 (actual: '0')"],
    ['limit=101', "limit must be an integer from 1 to 100 (actual: '101')"],
    ['limit=NaN', "limit must be an integer from 1 to 100 (actual: 'NaN')"],
    ['includePayload=yes', "includePayload must be true or false (actual: 'yes')"],
    ['sortOrderByTime=up', "sortOrderByTime must be one of asc, desc (actual: 'up')"],
    ['startedTimeBegin=2020-01-01', /^startedTimeBegin must be an integer from 0 to \d+ \(actual: '2020-01-01'\)$/],
    ['status=Gone', /^status must be one of Enqueued, .*\(actual: 'Gone'\)$/],
    ['nextToken=forged', /^nextToken must be/],
  ])('refuses %s', async (query, message) => {
    const server = await start();
    const answer = await server.fetch({ method: 'GET', target: `${TASKS}?${query}` });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      Code: 'InvalidArgument',
      Message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

test('a task that has ended cannot be stopped', async () => {
  const server = await start();
  await accept(server, 'task-1');
  const stop = { method: 'PUT', target: `${TASKS}/task-1/stop` };
  expect((await server.fetch(stop)).status).toBe(204);
  const again = await server.fetch(stop);
  expect([again.status, await again.json()]).toMatchObject([412, { Code: 'AsyncTaskAlreadyCompleted' }]);
});
