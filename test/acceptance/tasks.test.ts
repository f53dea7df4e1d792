import { GetAsyncTaskRequest, ListAsyncTasksRequest } from '@alicloud/fc20230330';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createTaskFunction,
  getTask,
  putAsyncConfig,
  runTask,
  submit,
  uniqueName,
  untilTask,
} from '../support/functions.ts';
import { jsonOf, wireError } from '../support/raw-client.ts';
import { refusalOf, refusalsOf } from '../support/sdk.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

let functionName: string;
/** Ids in the order of acceptance: five that succeeded, then one that failed and one that waits. */
const succeeded: string[] = [];
let failed: string;
let waiting: string;

beforeAll(async () => {
  const sdk = bench.sdk();
  functionName = await createTaskFunction(sdk);
  for (let number = 1; number <= 5; number += 1) {
    const taskId = await submit(sdk, functionName, { taskId: `job-${number}`, script: { reply: number } });
    await untilTask(sdk, { functionName, taskId, status: 'Succeeded' });
    succeeded.push(taskId);
  }
  failed = await submit(sdk, functionName, { taskId: 'other-1', script: { fail: 'no', log: 'before the end' } });
  await untilTask(sdk, { functionName, taskId: failed, status: 'Failed' });
  waiting = await submit(sdk, functionName, { taskId: 'other-2', headers: { 'x-fc-async-delay': '600' } });
});

function listPage(members: Record<string, unknown> = {}, name: string = functionName) {
  return bench.sdk().listAsyncTasks(name, new ListAsyncTasksRequest(members));
}

async function listIds(members: Record<string, unknown> = {}): Promise<(string | undefined)[]> {
  return (await listPage(members)).body?.tasks?.map(({ taskId }) => taskId) ?? [];
}

describe('a task', () => {
  test('is shown with all that is known of it', async () => {
    const answer = await bench
      .sdk()
      .getAsyncTask(functionName, 'job-3', new GetAsyncTaskRequest({ qualifier: 'LATEST' }));
    expect(answer.statusCode).toBe(200);
    expect(answer.body?.toMap()).toEqual({
      taskId: 'job-3',
      requestId: expect.stringMatching(/^1-[0-9a-f]{8}-/),
      functionArn: `acs:fc:local:1000000000000000:functions/${functionName}`,
      qualifier: 'LATEST',
      status: 'Succeeded',
      startedTime: expect.any(Number),
      endTime: expect.any(Number),
      durationMs: expect.any(Number),
      alreadyRetriedTimes: 0,
      destinationStatus: '',
      taskErrorMessage: '',
      taskPayload: '{"reply":3}',
      returnPayload: '3',
      instanceId: expect.stringMatching(/./),
      events: expect.any(Array),
    });
  });

  test('has one event for each state that it went through, numbered from 1 and in order', async () => {
    const { events = [], startedTime = 0, endTime = 0 } = await getTask(bench.sdk(), functionName, 'job-1');
    expect(events.map(({ eventId }) => eventId)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ status }) => status)).toEqual(['Enqueued', 'Dequeued', 'Running', 'Succeeded']);
    const times = events.map(({ timestamp = 0 }) => timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBe(startedTime);
    expect(times.at(-1)).toBe(endTime);
  });

  test('that failed says why, and its last event holds the end of the log', async () => {
    const task = await getTask(bench.sdk(), functionName, failed);
    expect(task.taskErrorMessage).toBe('HandledInvocationError');
    expect(JSON.parse(task.returnPayload ?? '')).toMatchObject({ errorMessage: 'no', errorType: 'Error' });
    const detail = JSON.parse(task.events?.at(-1)?.eventDetail ?? '') as Record<string, string>;
    expect(detail).toMatchObject({ Error: 'HandledInvocationError', ErrorMessage: 'no' });
    expect(detail['logTail']).toContain('before the end');
  });

  test('that waits has no end, no result and no instance', async () => {
    const task = await getTask(bench.sdk(), functionName, waiting);
    expect(task).toMatchObject({ status: 'Enqueued', endTime: 0, durationMs: 0, instanceId: '' });
    expect(task.returnPayload).toBeUndefined();
  });

  test('has integers for times on the wire', async () => {
    const target = `/2023-03-30/functions/${functionName}/async-tasks/job-1`;
    const task = jsonOf(await bench.raw().send({ target }));
    for (const name of ['startedTime', 'endTime', 'durationMs', 'alreadyRetriedTimes']) {
      expect(Number.isInteger(task[name]), name).toBe(true);
    }
  });

  test('is found by the request id of its invocation when it was given no id', async () => {
    const sdk = bench.sdk();
    const { headers } = await sdk.invoke(functionName, { payload: '{}', type: 'Async' });
    expect(headers['x-fc-async-task-id']).toBe(headers['x-fc-request-id']);
    const task = await getTask(sdk, functionName, headers['x-fc-request-id'] ?? '');
    expect(task.requestId).toBe(headers['x-fc-request-id']);
    await untilTask(sdk, { functionName, taskId: task.taskId ?? '', status: 'Succeeded' });
  });

  test.each([
    ['of a function that does not exist', 'no-such-function', 'job-1', undefined],
    ['that does not exist', undefined, 'no-such-task', undefined],
    ['of another qualifier', undefined, 'job-1', '1'],
  ])('%s is not found', async (_, name, taskId, qualifier) => {
    const call = bench.sdk().getAsyncTask(name ?? functionName, taskId, new GetAsyncTaskRequest({ qualifier }));
    expect(await refusalOf(call)).toMatchObject({
      code: 'AsyncTaskNotFound',
      status: 404,
      message: expect.stringContaining(`task '${taskId}'`),
    });
  });

  test('of an invocation without task mode is not recorded', async () => {
    const sdk = bench.sdk();
    const plain = await createTaskFunction(sdk, { config: { asyncTask: false } });
    const { status, headers } = await sdk.invoke(plain, { payload: '{}', type: 'Async', taskId: 'unrecorded' });
    expect(status).toBe(202);
    expect(headers).not.toHaveProperty('x-fc-async-task-id');
    for (const taskId of ['unrecorded', headers['x-fc-request-id'] ?? '']) {
      const call = sdk.getAsyncTask(plain, taskId, new GetAsyncTaskRequest({}));
      expect(await refusalOf(call)).toMatchObject({ code: 'AsyncTaskNotFound', status: 404 });
    }
    expect((await listPage({}, plain)).body?.tasks).toEqual([]);
  });
});

describe('the list of tasks', () => {
  test('has the newest first, unless told otherwise', async () => {
    const ids = await listIds({ prefix: 'job-' });
    expect(ids).toEqual(['job-5', 'job-4', 'job-3', 'job-2', 'job-1']);
    expect(await listIds({ prefix: 'job-', sortOrderByTime: 'desc' })).toEqual(ids);
    expect(await listIds({ prefix: 'job-', sortOrderByTime: 'asc' })).toEqual(ids.toReversed());
  });

  test('can be narrowed by state', async () => {
    expect(await listIds({ status: 'Failed' })).toEqual([failed]);
    expect(await listIds({ status: 'Enqueued' })).toEqual([waiting]);
    expect(await listIds({ status: 'Succeeded', prefix: 'job-' })).toHaveLength(5);
    for (const status of ['Dequeued', 'Running', 'Retrying', 'Stopping', 'Stopped', 'Expired', 'Invalid']) {
      expect(await listIds({ status }), status).toEqual([]);
    }
  });

  test('can be narrowed by the time of acceptance, both ends included', async () => {
    const sdk = bench.sdk();
    const [second, fourth] = await Promise.all([
      getTask(sdk, functionName, 'job-2'),
      getTask(sdk, functionName, 'job-4'),
    ]);
    const window = { startedTimeBegin: second.startedTime, startedTimeEnd: fourth.startedTime };
    expect(await listIds({ ...window, sortOrderByTime: 'asc' })).toEqual(['job-2', 'job-3', 'job-4']);
    expect(await listIds({ startedTimeEnd: (second.startedTime ?? 0) - 1 })).toEqual(['job-1']);
    expect(await listIds({ startedTimeBegin: (fourth.startedTime ?? 0) + 1, prefix: 'job-' })).toEqual(['job-5']);
  });

  test('can be narrowed by qualifier', async () => {
    expect(await listIds({ qualifier: 'LATEST', prefix: 'job-' })).toHaveLength(5);
    expect(await listIds({ qualifier: '1' })).toEqual([]);
  });

  test('shows payloads only when asked for, and events and results always', async () => {
    const [without] = (await listPage({ status: 'Failed' })).body?.tasks ?? [];
    expect(without?.taskPayload).toBeUndefined();
    const [withPayload] = (await listPage({ status: 'Failed', includePayload: true })).body?.tasks ?? [];
    expect(withPayload?.taskPayload).toBe('{"fail":"no","log":"before the end"}');
    expect(withPayload?.events?.length).toBeGreaterThan(1);
    const [no] = (await listPage({ status: 'Failed', includePayload: false })).body?.tasks ?? [];
    expect(no?.taskPayload).toBeUndefined();
  });

  test('shows every older task exactly once while new ones arrive between its pages', async () => {
    const sdk = bench.sdk();
    const seen: (string | undefined)[] = [];
    let nextToken = '';
    do {
      const { body } = await listPage({ limit: 2, nextToken, prefix: 'job-' });
      seen.push(...(body?.tasks?.map(({ taskId }) => taskId) ?? []));
      nextToken = body?.nextToken ?? '';
      await submit(sdk, functionName, { taskId: uniqueName('job-late') });
    } while (nextToken !== '');
    expect(seen).toEqual(['job-5', 'job-4', 'job-3', 'job-2', 'job-1']);
  });

  test('is empty for a function without tasks, and a 404 for a function that does not exist', async () => {
    const other = await createTaskFunction(bench.sdk());
    const { body } = await listPage({}, other);
    expect([body?.tasks, body?.nextToken]).toEqual([[], '']);
    expect(await refusalOf(listPage({}, 'no-such-function'))).toMatchObject({ code: 'FunctionNotFound', status: 404 });
  });

  test('holds 20 tasks unless told otherwise, and up to 100', async () => {
    const sdk = bench.sdk();
    const other = await createTaskFunction(sdk);
    await Promise.all(Array.from({ length: 21 }, () => submit(sdk, other)));
    expect((await listPage({}, other)).body?.tasks).toHaveLength(20);
    expect((await listPage({ limit: 100 }, other)).body?.tasks).toHaveLength(21);
  });

  test('takes a cursor only for the list that it came from', async () => {
    const sdk = bench.sdk();
    const other = await createTaskFunction(sdk);
    const { body } = await listPage({ limit: 1 });
    const nextToken = body?.nextToken ?? '';
    expect(nextToken).not.toBe('');
    const tampered = `${nextToken.startsWith('A') ? 'B' : 'A'}${nextToken.slice(1)}`;
    const attempts = [
      listPage({ nextToken }, other),
      listPage({ nextToken, status: 'Failed' }),
      listPage({ nextToken, sortOrderByTime: 'asc' }),
      listPage({ nextToken: tampered }),
      listPage({ nextToken: 'x' }),
    ];
    for (const refusal of await refusalsOf(attempts)) {
      expect(refusal).toMatchObject({
        code: 'InvalidArgument',
        status: 400,
        message: expect.stringContaining('nextToken'),
      });
    }
  });

  test.each([
    ['status=Done', 'status must be one of Enqueued, '],
    ['status=succeeded', "(actual: 'succeeded')"],
    ['limit=0', 'limit must be an integer from 1 to 100'],
    ['limit=101', 'limit must be an integer from 1 to 100'],
    ['limit=1.5', "(actual: '1.5')"],
    ['limit=+5', 'limit'],
    ['sortOrderByTime=up', 'sortOrderByTime must be one of asc, desc'],
    ['includePayload=1', 'includePayload must be true or false'],
    ['startedTimeBegin=2026-11-20', 'startedTimeBegin must be an integer'],
    ['startedTimeEnd=-1', 'startedTimeEnd must be an integer from 0'],
    ['startedTimeEnd=99999999999999999999', 'startedTimeEnd must be an integer'],
  ])('refuses %s', async (query, message) => {
    const error = wireError(await bench.raw().send({ target: targetOf(query) }));
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringContaining(message) });
  });

  test('takes an empty parameter for one that was not given', async () => {
    const query = 'qualifier=&status=&prefix=&limit=&nextToken=&sortOrderByTime=&includePayload=&startedTimeBegin=';
    expect((await bench.raw().send({ target: targetOf(query) })).status).toBe(200);
  });
});

test('a task keeps the settings that were configured when it was accepted', async () => {
  const sdk = bench.sdk();
  const other = await createTaskFunction(sdk);
  const taskId = await submit(sdk, other, { headers: { 'x-fc-async-delay': '1' }, script: { fail: 'once' } });
  await putAsyncConfig(sdk, other, { maxAsyncRetryAttempts: 8 });
  const task = await untilTask(sdk, { functionName: other, taskId, status: 'Failed' });
  expect(task.alreadyRetriedTimes).toBe(0);
  expect((await runTask(sdk, other)).status).toBe('Succeeded');
});

function targetOf(query: string): string {
  return `/2023-03-30/functions/${functionName}/async-tasks?${query}`;
}

testCoverage('tasks', bench);
