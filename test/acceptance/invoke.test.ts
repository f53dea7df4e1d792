import {
  PutConcurrencyConfigRequest,
  PutConcurrencyInput,
  DisableFunctionInvocationRequest,
} from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { createFunction, createTaskFunction, getTask, uniqueName, untilTask } from '../support/functions.ts';
import { wireError } from '../support/raw-client.ts';
import { refusalOf } from '../support/sdk.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

const KIB = 1024;
const MIB = 1024 * KIB;
const ASYNC = [['x-fc-invocation-type', 'Async']] as const;

function invocations(functionName: string): string {
  return `/2023-03-30/functions/${functionName}/invocations`;
}

describe.concurrent('a synchronous invocation', () => {
  test('answers with what the function returned and with what was measured', async () => {
    const functionName = await createFunction(bench.sdk());
    const { status, headers, body } = await bench
      .sdk()
      .invoke(functionName, { payload: '{"k":1}', qualifier: 'LATEST' });
    expect([status, body.toString()]).toEqual([200, '{"k":1}']);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-fc-request-id': expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}$/),
      'x-fc-instance-id': expect.stringMatching(/./),
      'x-fc-code-checksum': expect.stringMatching(/^\d+$/),
      'x-fc-invocation-duration': expect.stringMatching(/^\d+(\.\d+)?$/),
      'x-fc-max-memory-usage': expect.stringMatching(/^\d+(\.\d+)?$/),
      'x-fc-invocation-service-version': 'LATEST',
    });
    expect(headers).not.toHaveProperty('x-fc-error-type');
    expect(headers).not.toHaveProperty('x-fc-log-result');
  });

  test('carries any bytes there and back', async () => {
    const functionName = await createFunction(bench.sdk());
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    for (const payload of [everyByte, Buffer.alloc(0), Buffer.from('ünïcode 任务 🙂'), Buffer.alloc(300 * KIB, 0xff)]) {
      const { body } = await bench.sdk().invoke(functionName, { payload });
      expect(body.equals(payload)).toBe(true);
    }
  });

  test('takes no body at all for an empty payload', async () => {
    const functionName = await createFunction(bench.sdk());
    const { status, body } = await bench.sdk().invoke(functionName);
    expect([status, body.length]).toEqual([200, 0]);
  });

  test('does not read a payload as JSON, whatever its content type says', async () => {
    const functionName = await createFunction(bench.sdk());
    const answer = await bench.raw().sendJson('POST', invocations(functionName), '{not json');
    expect([answer.status, answer.body.toString()]).toEqual([200, '{not json']);
    expect(answer.headers['content-type']).toBe('application/octet-stream');
  });

  test('has the end of the log when it is asked for', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const payload = JSON.stringify({ log: 'seen by the caller' });
    const { headers } = await bench.sdk().invoke(functionName, { payload, type: 'Sync', logType: 'Tail' });
    const log = Buffer.from(headers['x-fc-log-result'] ?? '', 'base64').toString();
    expect(log).toContain(`FC Invoke Start RequestId: ${headers['x-fc-request-id']}`);
    expect(log).toContain('seen by the caller');
    expect(log).toContain(`FC Invoke End RequestId: ${headers['x-fc-request-id']}`);
    const none = await bench.sdk().invoke(functionName, { payload, logType: 'None' });
    expect(none.headers).not.toHaveProperty('x-fc-log-result');
  });

  test('of a function that failed is a 200 that says so', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const { status, headers, body } = await bench.sdk().invoke(functionName, { payload: '{"fail":"no"}' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'x-fc-error-type': 'HandledInvocationError', 'content-type': 'application/json' });
    expect(JSON.parse(body.toString())).toMatchObject({ errorMessage: 'no', errorType: 'Error' });
  });

  test.each([
    ['InvocationType', [['x-fc-invocation-type', 'Task']] as const, 'allowed: Sync | Async'],
    ['LogType', [['x-fc-log-type', 'All']] as const, "allowed: Tail | None, actual: 'All'"],
    ['LogType of an asynchronous one', [...ASYNC, ['x-fc-log-type', 'Tail']] as const, "allowed: None, actual: 'Tail'"],
  ])('is refused with a wrong %s', async (_, headers, message) => {
    const functionName = await createFunction(bench.sdk());
    const answer = await bench.raw().send({ method: 'POST', target: invocations(functionName), headers });
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: expect.stringContaining(message),
    });
  });

  test('takes 32 MiB and not a byte more', async () => {
    const functionName = await createFunction(bench.sdk(), { fixture: 'scripted' });
    const script = JSON.stringify({ reply: 'read' });
    const payload = Buffer.alloc(32 * MIB, ' ');
    payload.write(script);
    const answer = await bench.raw().send({ method: 'POST', target: invocations(functionName), body: payload });
    expect([answer.status, answer.body.toString()]).toEqual([200, 'read']);

    const sizes = [['content-length', String(32 * MIB + 1)]] as const;
    const refused = await bench.raw().send({ method: 'POST', target: invocations(functionName), headers: sizes });
    expect(wireError(refused)).toEqual({
      status: 400,
      code: 'EntityTooLarge',
      message: expect.stringContaining(`(${32 * MIB} bytes)`),
    });
  });
});

describe.concurrent('an asynchronous invocation', () => {
  test('is accepted with nothing but the two ids', async () => {
    const functionName = await createTaskFunction(bench.sdk(), { fixture: 'echo' });
    const headers = [...ASYNC, ['x-fc-async-task-id', 'my-task']] as const;
    const answer = await bench.raw().send({ method: 'POST', target: invocations(functionName), headers, body: 'x' });
    expect([answer.status, answer.body.length]).toEqual([202, 0]);
    expect(answer.headers).not.toHaveProperty('content-type');
    expect(answer.headers['x-fc-async-task-id']).toBe('my-task');
    expect(answer.headerNames).toEqual(expect.arrayContaining(['X-Fc-Request-Id', 'X-Fc-Async-Task-Id']));
    const task = await getTask(bench.sdk(), functionName, 'my-task');
    expect(task.requestId).toBe(answer.headers['x-fc-request-id']);
  });

  test('runs once and keeps payload and result', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { fixture: 'echo' });
    const { headers } = await sdk.invoke(functionName, { payload: 'ünï', type: 'Async', taskId: 'once' });
    expect(headers['x-fc-async-task-id']).toBe('once');
    const task = await untilTask(sdk, { functionName, taskId: 'once', status: 'Succeeded' });
    expect([task.taskPayload, task.returnPayload]).toEqual(['ünï', 'ünï']);
    expect(task.events?.filter(({ status }) => status === 'Running')).toHaveLength(1);
  });

  test('of the same id is refused, and the first payload stays', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { fixture: 'echo' });
    await sdk.invoke(functionName, { payload: 'first', type: 'Async', taskId: 'same' });
    const again = () => sdk.invoke(functionName, { payload: 'second', type: 'Async', taskId: 'same' });
    const refused = { code: 'AsyncTaskAlreadyExists', status: 409, message: expect.stringContaining("'same'") };
    expect(await refusalOf(again())).toMatchObject(refused);
    const task = await untilTask(sdk, { functionName, taskId: 'same', status: 'Succeeded' });
    expect(task.taskPayload).toBe('first');
    expect(await refusalOf(again())).toMatchObject(refused);
  });

  test('of one id, sent fifty times at once, is accepted once', async () => {
    const functionName = await createTaskFunction(bench.sdk(), { fixture: 'echo' });
    const headers = [...ASYNC, ['x-fc-async-task-id', 'race']] as const;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        bench.raw().send({ method: 'POST', target: invocations(functionName), headers }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([202, ...Array.from({ length: 49 }, () => 409)]);
  });

  test('of the same id is another task for another function', async () => {
    const sdk = bench.sdk();
    const names = await Promise.all([createTaskFunction(sdk), createTaskFunction(sdk)]);
    for (const name of names) {
      const { status } = await sdk.invoke(name, { payload: '{}', type: 'Async', taskId: 'shared' });
      expect(status).toBe(202);
    }
  });

  test('takes the task id under its older name as well', async () => {
    const functionName = await createTaskFunction(bench.sdk(), { fixture: 'echo' });
    const headers = [...ASYNC, ['x-fc-stateful-async-invocation-id', 'older']] as const;
    const { status } = await bench.raw().send({ method: 'POST', target: invocations(functionName), headers });
    expect(status).toBe(202);
    expect((await getTask(bench.sdk(), functionName, 'older')).taskId).toBe('older');
  });

  test('takes 128 KiB and not a byte more', async () => {
    const functionName = await createTaskFunction(bench.sdk(), { fixture: 'echo' });
    const send = (lengthBytes: number) =>
      bench.raw().send({
        method: 'POST',
        target: invocations(functionName),
        headers: ASYNC,
        body: Buffer.alloc(lengthBytes, 'x'),
      });
    expect((await send(128 * KIB)).status).toBe(202);
    expect(wireError(await send(128 * KIB + 1))).toEqual({
      status: 400,
      code: 'EntityTooLarge',
      message: expect.stringContaining('(131072 bytes)'),
    });
  });

  test.each(['1st', 'a.b', 'a b', 'ä', 'a'.repeat(129)])('refuses the task id %j', async (taskId) => {
    const functionName = await createTaskFunction(bench.sdk());
    const headers = [...ASYNC, ['x-fc-async-task-id', taskId]] as const;
    const answer = await bench.raw().send({ method: 'POST', target: invocations(functionName), headers });
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: expect.stringContaining('a letter or _ first'),
    });
  });

  test.each(['-1', '3601', '1.5', 'soon', '1e3', ' 99999999999'])('refuses a delay of %j', async (delay) => {
    const functionName = await createTaskFunction(bench.sdk());
    const headers = [...ASYNC, ['x-fc-async-delay', delay]] as const;
    const answer = await bench.raw().send({ method: 'POST', target: invocations(functionName), headers });
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: expect.stringContaining('x-fc-async-delay must be an integer from 0 to 3600'),
    });
  });
});

describe.concurrent('an invocation of either kind is refused', () => {
  test.each(['Sync', 'Async'] as const)('%s, of what does not exist', async (type) => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const missing = uniqueName('missing');
    expect(await refusalOf(sdk.invoke(missing, { type }))).toMatchObject({
      code: 'FunctionNotFound',
      status: 404,
      message: expect.stringContaining(`function '${missing}' does not exist`),
    });
    const ofVersion = sdk.invoke(functionName, { type, qualifier: '9' });
    expect(await refusalOf(ofVersion)).toMatchObject({ code: 'VersionNotFound', status: 404 });
    const ofAlias = sdk.invoke(functionName, { type, qualifier: 'prod' });
    expect(await refusalOf(ofAlias)).toMatchObject({ code: 'AliasNotFound', status: 404 });
    expect(await refusalOf(sdk.invoke(functionName, { type, qualifier: 'a.b' }))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
      message: expect.stringContaining('qualifier'),
    });
  });

  test.each(['Sync', 'Async'] as const)('%s, while the function is disabled', async (type) => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    await sdk.disableFunctionInvocation(functionName, new DisableFunctionInvocationRequest({ reason: 'maintenance' }));
    expect(await refusalOf(sdk.invoke(functionName, { type, payload: '{}' }))).toMatchObject({
      code: 'FunctionDisabled',
      status: 403,
    });
  });

  test('when the function may not run at all', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const body = new PutConcurrencyInput({ reservedConcurrency: 0 });
    await sdk.putConcurrencyConfig(functionName, new PutConcurrencyConfigRequest({ body }));
    expect(await refusalOf(sdk.invoke(functionName))).toMatchObject({ code: 'ResourceExhausted', status: 429 });
  });
});

testCoverage('invoke', bench);
