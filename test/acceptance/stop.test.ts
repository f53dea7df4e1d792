import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StopAsyncTaskRequest } from '@alicloud/fc20230330';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTaskFunction, getTask, runTask, submit, uniqueName, untilTask } from '../support/functions.ts';
import { listProcesses } from '../support/processes.ts';
import { wireError } from '../support/raw-client.ts';
import { refusalOf, type SdkClient } from '../support/sdk.ts';
import { until } from '../support/until.ts';
import { makeSharedFolder } from '../support/shared-folder.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

let folder: string;
beforeAll(async () => {
  folder = await makeSharedFolder('meanwhile-stop-');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function stop(sdk: SdkClient, functionName: string, taskId: string, qualifier?: string) {
  return sdk.stopAsyncTask(functionName, taskId, new StopAsyncTaskRequest({ qualifier }));
}

/** A task that runs until its gate is opened; resolves once its code is running. */
async function submitRunning(sdk: SdkClient, functionName: string) {
  const gate = join(folder, uniqueName('gate'));
  const started = join(folder, uniqueName('started'));
  const taskId = await submit(sdk, functionName, { script: { touch: started, waitFor: gate, reply: 'done' } });
  await until('the function runs', () => existsSync(started));
  return { taskId, gate };
}

describe.concurrent('a stop', () => {
  test('of a task that waits ends it before it ever runs', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    const taskId = await submit(sdk, functionName, { headers: { 'x-fc-async-delay': '600' } });
    expect((await stop(sdk, functionName, taskId, 'LATEST')).statusCode).toBe(204);
    const task = await untilTask(sdk, { functionName, taskId, status: 'Stopped' });
    expect(task).toMatchObject({ durationMs: 0, instanceId: '', taskErrorMessage: '' });
    expect(task.events?.map(({ status }) => status)).toEqual(['Enqueued', 'Stopping', 'Stopped']);
    expect(task.endTime).toBeGreaterThan(0);
  });

  test('of a task that waits for its next attempt leaves it without one', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { config: { maxAsyncRetryAttempts: 8 } });
    const taskId = await submit(sdk, functionName, { script: { fail: 'always' } });
    await until('four attempts have failed', async () => {
      return ((await getTask(sdk, functionName, taskId)).alreadyRetriedTimes ?? 0) >= 4;
    });
    await stop(sdk, functionName, taskId);
    const { events = [] } = await untilTask(sdk, { functionName, taskId, status: 'Stopped' });
    expect(events.slice(-2).map(({ status }) => status)).toEqual(['Stopping', 'Stopped']);
  });

  test('of a task that runs calls the pre-stop hook, ends the process and leaves neighbours alone', async () => {
    const sdk = bench.sdk();
    const preStopFile = join(folder, uniqueName('pre-stop'));
    const functionName = await createTaskFunction(sdk, {
      more: {
        environmentVariables: { PRE_STOP_FILE: preStopFile },
        instanceLifecycleConfig: { preStop: { handler: 'index.preStop', timeout: 3 } },
      },
    });
    const [stopped, neighbour] = await Promise.all([
      submitRunning(sdk, functionName),
      submitRunning(sdk, functionName),
    ]);
    // What has just begun is written down as Running a moment later.
    await untilTask(sdk, { functionName, taskId: stopped.taskId, status: 'Running' });
    await stop(sdk, functionName, stopped.taskId);
    const task = await untilTask(sdk, { functionName, taskId: stopped.taskId, status: 'Stopped' });
    expect(task.events?.map(({ status }) => status).slice(-3)).toEqual(['Running', 'Stopping', 'Stopped']);
    expect(task.taskErrorMessage).toBe('');
    expect(existsSync(preStopFile)).toBe(true);

    await bench.sdk().invoke(functionName, { payload: JSON.stringify({ touch: neighbour.gate }) });
    const other = await untilTask(sdk, { functionName, taskId: neighbour.taskId, status: 'Succeeded' });
    expect(other.returnPayload).toBe('done');
    expect(other.instanceId).not.toBe(task.instanceId);
  });

  test('ends a function that never gives the processor back', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { timeout: 60 });
    const started = join(folder, uniqueName('started'));
    const taskId = await submit(sdk, functionName, { script: { touch: started, spin: true } });
    const pid = await until('the function runs', () => {
      const [, text] = existsSync(started) ? readFileSync(started, 'utf8').split(' ') : [];
      return text !== undefined && Number(text);
    });
    expect(listProcesses().map((entry) => entry.pid)).toContain(pid);
    await stop(sdk, functionName, taskId);
    await untilTask(sdk, { functionName, taskId, status: 'Stopped' });
    expect(listProcesses().map((entry) => entry.pid)).not.toContain(pid);
  });

  test('that is asked for twice succeeds twice, and is refused once the task has ended', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    const { taskId } = await submitRunning(sdk, functionName);
    const target = `/2023-03-30/functions/${functionName}/async-tasks/${taskId}/stop`;
    const answers = await Promise.all([1, 2, 3].map(() => bench.raw().send({ method: 'PUT', target })));
    for (const { status, headers } of answers) {
      // Those that come after its end are told so.
      expect([204, 412]).toContain(status);
      expect(headers).toHaveProperty('x-fc-request-id');
    }
    expect(answers.map(({ status }) => status)).toContain(204);
    await untilTask(sdk, { functionName, taskId, status: 'Stopped' });
    expect(wireError(await bench.raw().send({ method: 'PUT', target }))).toEqual({
      status: 412,
      code: 'AsyncTaskAlreadyCompleted',
      message: expect.stringContaining('Stopped'),
    });
  });

  test('answers with nothing at all', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    const taskId = await submit(sdk, functionName, { headers: { 'x-fc-async-delay': '600' } });
    const target = `/2023-03-30/functions/${functionName}/async-tasks/${taskId}/stop`;
    const { status, headers, body } = await bench.raw().send({ method: 'PUT', target });
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).not.toHaveProperty('content-type');
    expect(headers).toHaveProperty('x-fc-request-id');
  });

  test.each([
    ['Succeeded', {}],
    ['Failed', { fail: 'no' }],
  ])('of a task that has %s is refused', async (status, script) => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    const task = await runTask(sdk, functionName, { script });
    expect(task.status).toBe(status);
    expect(await refusalOf(stop(sdk, functionName, task.taskId ?? ''))).toMatchObject({
      code: 'AsyncTaskAlreadyCompleted',
      status: 412,
      message: expect.stringContaining(status),
    });
  });

  test('of a task or function that does not exist is a 404', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    for (const name of [functionName, 'no-such-function']) {
      expect(await refusalOf(stop(sdk, name, 'no-such-task'))).toMatchObject({
        code: 'AsyncTaskNotFound',
        status: 404,
      });
    }
  });
});

testCoverage('stop', bench);
