import { describe, expect, test } from 'vitest';
import type { AsyncTask } from '@alicloud/fc20230330';
import { ListAsyncTasksRequest, StopAsyncTaskRequest } from '@alicloud/fc20230330';
import { zipOf } from '../support/code-package.ts';
import {
  type AsyncOptions,
  createFunction,
  createTaskFunction,
  getTask,
  putAsyncConfig,
  runTask,
  submit,
  untilTask,
} from '../support/functions.ts';
import type { SdkClient } from '../support/sdk.ts';
import { until } from '../support/until.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

/** A function that delivers both ends to functions that keep what they get. */
async function createDelivering(sdk: SdkClient, config: AsyncOptions = {}) {
  const [onSuccess, onFailure] = await Promise.all([
    createTaskFunction(sdk, { fixture: 'echo' }),
    createTaskFunction(sdk, { fixture: 'echo' }),
  ]);
  const functionName = await createTaskFunction(sdk, {
    config: { ...config, onSuccess: arnOf(onSuccess), onFailure: `acs:fc:::functions/${onFailure}` },
  });
  return { functionName, onSuccess, onFailure };
}

function arnOf(functionName: string): string {
  return `acs:fc:local:1000000000000000:functions/${functionName}`;
}

/** The tasks of a function once it has so many that have ended. */
async function untilDelivered(sdk: SdkClient, functionName: string, count = 1): Promise<readonly AsyncTask[]> {
  return await until(`${functionName} has got ${count}`, async () => {
    const request = new ListAsyncTasksRequest({ includePayload: true, status: 'Succeeded', limit: 100 });
    const tasks = (await sdk.listAsyncTasks(functionName, request)).body?.tasks ?? [];
    return tasks.length >= count && tasks;
  });
}

async function untilDestinationStatus(sdk: SdkClient, task: { functionName: string; taskId: string }, status: string) {
  return await until(`the delivery is ${status}`, async () => {
    const found = await getTask(sdk, task.functionName, task.taskId);
    return found.destinationStatus === status && found;
  });
}

async function listAll(sdk: SdkClient, functionName: string): Promise<readonly AsyncTask[]> {
  return (await sdk.listAsyncTasks(functionName, new ListAsyncTasksRequest({ limit: 100 }))).body?.tasks ?? [];
}

describe.concurrent('the end of a task is delivered', () => {
  test('to onSuccess when it succeeded, once, with payload and result as text', async () => {
    const sdk = bench.sdk();
    const { functionName, onSuccess, onFailure } = await createDelivering(sdk);
    const before = Date.now();
    const done = await runTask(sdk, functionName, { script: { reply: { a: 1 } } });
    const [delivered] = await untilDelivered(sdk, onSuccess);
    expect(JSON.parse(delivered?.taskPayload ?? '')).toEqual({
      timestamp: expect.any(Number),
      requestContext: {
        requestId: done.requestId,
        functionArn: arnOf(functionName),
        condition: '',
        approximateInvokeCount: 1,
      },
      requestPayload: '{"reply":{"a":1}}',
      responseContext: { statusCode: 200, functionError: '' },
      responsePayload: '{"a":1}',
    });
    const { timestamp } = JSON.parse(delivered?.taskPayload ?? '') as { timestamp: number };
    expect(timestamp).toBeGreaterThanOrEqual(before);
    await untilDestinationStatus(sdk, { functionName, taskId: done.taskId ?? '' }, 'Succeeded');
    expect(await listAll(sdk, onFailure)).toEqual([]);
    expect(await listAll(sdk, onSuccess)).toHaveLength(1);
  });

  test('to onFailure when every attempt failed', async () => {
    const sdk = bench.sdk();
    const { functionName, onSuccess, onFailure } = await createDelivering(sdk, { maxAsyncRetryAttempts: 1 });
    const done = await runTask(sdk, functionName, { script: { fail: 'no' } });
    expect(done.status).toBe('Failed');
    const [delivered] = await untilDelivered(sdk, onFailure);
    const document = JSON.parse(delivered?.taskPayload ?? '') as { responsePayload: string };
    expect(document).toMatchObject({
      requestContext: { condition: 'HandledInvocationError', approximateInvokeCount: 2 },
      responseContext: { statusCode: 200, functionError: 'HandledInvocationError' },
    });
    expect(JSON.parse(document.responsePayload)).toMatchObject({ errorMessage: 'no' });
    expect(await listAll(sdk, onSuccess)).toEqual([]);
  });

  test('to onFailure when it was stopped, without a condition', async () => {
    const sdk = bench.sdk();
    const { functionName, onFailure } = await createDelivering(sdk);
    const taskId = await submit(sdk, functionName, { headers: { 'x-fc-async-delay': '600' } });
    await sdk.stopAsyncTask(functionName, taskId, new StopAsyncTaskRequest({}));
    const [delivered] = await untilDelivered(sdk, onFailure);
    expect(JSON.parse(delivered?.taskPayload ?? '')).toMatchObject({
      requestContext: { condition: '', approximateInvokeCount: 0 },
      responseContext: { functionError: '' },
      responsePayload: '',
    });
  });

  test('to onFailure when it expired, with the reason', async () => {
    const sdk = bench.sdk();
    const { functionName, onFailure } = await createDelivering(sdk, { maxAsyncEventAgeInSeconds: 1 });
    const taskId = await submit(sdk, functionName, { headers: { 'x-fc-async-delay': '600' } });
    await untilTask(sdk, { functionName, taskId, status: 'Expired' });
    const [delivered] = await untilDelivered(sdk, onFailure);
    expect(JSON.parse(delivered?.taskPayload ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    });
  });

  test('for an invocation without task mode as well', async () => {
    const sdk = bench.sdk();
    const { functionName, onSuccess } = await createDelivering(sdk, { asyncTask: false });
    const { headers } = await sdk.invoke(functionName, { payload: '{"reply":"plain"}', type: 'Async' });
    const [delivered] = await untilDelivered(sdk, onSuccess);
    expect(JSON.parse(delivered?.taskPayload ?? '')).toMatchObject({
      requestContext: { requestId: headers['x-fc-request-id'] },
      responsePayload: 'plain',
    });
  });

  test('though payload and result together are more than a caller may send', async () => {
    const sdk = bench.sdk();
    const { functionName, onSuccess } = await createDelivering(sdk);
    await runTask(sdk, functionName, { script: { fill: 200_000 } });
    const [delivered] = await untilDelivered(sdk, onSuccess);
    const { responsePayload } = JSON.parse(delivered?.taskPayload ?? '') as { responsePayload: string };
    expect(responsePayload).toHaveLength(200_000);
  });
});

describe.concurrent('a delivery', () => {
  test('to a function that does not exist fails, and the task says so', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { config: { onSuccess: arnOf('no-such-function') } });
    const { taskId = '' } = await runTask(sdk, functionName);
    const task = await untilDestinationStatus(sdk, { functionName, taskId }, 'Failed');
    expect(task.status).toBe('Succeeded');
  });

  test('to a version or alias that does not exist fails as well', async () => {
    const sdk = bench.sdk();
    const target = await createTaskFunction(sdk, { fixture: 'echo' });
    for (const qualifier of ['7', 'gone']) {
      const onSuccess = arnOf(`${target}/${qualifier}`);
      const functionName = await createTaskFunction(sdk, { config: { onSuccess } });
      const { taskId = '' } = await runTask(sdk, functionName);
      await untilDestinationStatus(sdk, { functionName, taskId }, 'Failed');
    }
    expect(await listAll(sdk, target)).toEqual([]);
  });

  test('is not made, and leaves no status, where there is no destination', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { config: { onFailure: arnOf('no-such-function') } });
    expect((await runTask(sdk, functionName)).destinationStatus).toBe('');
  });

  test('from a function to itself is cut after 16 hops', async () => {
    const sdk = bench.sdk();
    // It replies with nothing: text within text within text would double with each hop.
    const functionName = await createFunction(sdk, { fixture: 'scripted' });
    await putAsyncConfig(sdk, functionName, { onSuccess: arnOf(functionName) });
    await submit(sdk, functionName, { payload: '{}' });
    const tasks = await untilDelivered(sdk, functionName, 17);
    await until('the last delivery is cut', async () => {
      return (await listAll(sdk, functionName)).some(({ destinationStatus }) => destinationStatus === 'Failed');
    });
    expect(tasks).toHaveLength(17);
    expect(await listAll(sdk, functionName)).toHaveLength(17);
  });
});

test('a chain of deliveries whose documents grow with each hop is cut before they harm the server', async () => {
  const sdk = bench.sdk();
  const zipFile = (await zipOf({ 'index.js': 'exports.handler = async () => null;' })).toString('base64');
  const functionName = await createFunction(sdk, { more: { code: { zipFile } } });
  await putAsyncConfig(sdk, functionName, { onSuccess: arnOf(functionName) });
  // Each hop writes the document before it as text inside its own, and a backslash in a text is two.
  await submit(sdk, functionName, { payload: '\\'.repeat(128_000) });
  await until('a delivery is refused', async () => {
    return (await listAll(sdk, functionName)).some(({ destinationStatus }) => destinationStatus === 'Failed');
  });
  expect((await bench.raw().sendUnsigned('GET', '/healthz')).status).toBe(200);
});
