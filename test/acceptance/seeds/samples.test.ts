import {
  DeleteAsyncInvokeConfigRequest,
  GetAsyncInvokeConfigRequest,
  GetAsyncTaskRequest,
  ListAsyncInvokeConfigsRequest,
  ListAsyncTasksRequest,
  PutAsyncInvokeConfigInput,
  PutAsyncInvokeConfigRequest,
  StopAsyncTaskRequest,
} from '@alicloud/fc20230330';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFunction, getTask, putAsyncConfig, submit, untilTask } from '../../support/functions.ts';
import { fcSignedHeaders } from '../../support/fc-signature.ts';
import { jsonOf } from '../../support/raw-client.ts';
import { exchange, requestBytes } from '../../support/raw-http.ts';
import { refusalOf, type SdkClient } from '../../support/sdk.ts';
import { Sdk2021 } from '../../support/sdk-2021.ts';
import { createService, createServiceFunction } from '../../support/services.ts';
import { until } from '../../support/until.ts';
import { useOlderServer } from '../fc-2/older-bench.ts';
import { SEED_000, SEED_001, SEED_002, SEED_003, SEED_004 } from './samples.ts';

/*
 * The samples of the five pages, sent and compared. What a page gets wrong is an exception here by name: the vendor's
 * SDKs and its other pages say otherwise.
 */

const ACCOUNT = '188077086902';
const bench = useOlderServer((target, log) => new Sdk2021(target, log), {
  MEANWHILE_ACCOUNT_ID: ACCOUNT,
  MEANWHILE_REGION: 'cn-shanghai',
});

/** The pages mask the account. */
const unmasked = <Sample>(sample: Sample): Sample =>
  JSON.parse(JSON.stringify(sample).replaceAll(':xxx:', `:${ACCOUNT}:`)) as Sample;

/** The JSON type of each member: what a page's values cannot be compared with is at least of their kind. */
function typesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(typesOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, typesOf(member)]));
}

describe('seed 000: the task operations of the 3.0 SDK', () => {
  const { functionName, config, list } = SEED_000;
  let sdk: SdkClient;

  beforeAll(async () => {
    sdk = bench.newer;
    await createFunction(sdk, { functionName, fixture: 'scripted' });
  });

  test('putAsyncInvokeConfig, getAsyncInvokeConfig, listAsyncInvokeConfigs, deleteAsyncInvokeConfig', async () => {
    const qualifier = 'LATEST';
    const body = new PutAsyncInvokeConfigInput(config);
    await sdk.putAsyncInvokeConfig(functionName, new PutAsyncInvokeConfigRequest({ body, qualifier }));
    const get = () => sdk.getAsyncInvokeConfig(functionName, new GetAsyncInvokeConfigRequest({ qualifier }));
    expect((await get()).body).toMatchObject(config);
    const page = await sdk.listAsyncInvokeConfigs(new ListAsyncInvokeConfigsRequest({ functionName, limit: 10 }));
    expect(page.body?.configs).toMatchObject([config]);
    await sdk.deleteAsyncInvokeConfig(functionName, new DeleteAsyncInvokeConfigRequest({ qualifier }));
    expect(await refusalOf(get())).toMatchObject({ code: 'AsyncConfigNotExists' });
  });

  test('getAsyncTask, listAsyncTasks, stopAsyncTask', async () => {
    await putAsyncConfig(sdk, functionName, config);
    const { nextToken, startedTimeBegin, startedTimeEnd, ...filter } = list;
    for (const taskId of ['job-1', 'job-2']) {
      await submit(sdk, functionName, { taskId, script: { waitFor: '/never' } });
      await untilTask(sdk, { functionName, taskId, status: 'Running' });
    }
    const find = async (members: object) =>
      (await sdk.listAsyncTasks(functionName, new ListAsyncTasksRequest(members))).body;
    expect((await find(filter))?.tasks?.map(({ taskId }) => taskId)).toEqual(['job-1', 'job-2']);
    // The page's window is an instant of 2022, and its token the real service's.
    expect((await find({ ...filter, startedTimeBegin, startedTimeEnd }))?.tasks).toEqual([]);
    expect(await refusalOf(find({ ...list, nextToken }))).toMatchObject({ code: 'InvalidArgument' });
    const qualifier = 'LATEST';
    const request = new GetAsyncTaskRequest({ qualifier });
    expect((await sdk.getAsyncTask(functionName, 'job-1', request)).body).toMatchObject({ taskId: 'job-1', qualifier });
    for (const taskId of ['job-1', 'job-2']) {
      await sdk.stopAsyncTask(functionName, taskId, new StopAsyncTaskRequest({ qualifier }));
      await untilTask(sdk, { functionName, taskId, status: 'Stopped' });
    }
  });
});

describe('seeds 001 and 002: asynchronous configurations of 2021-04-06', () => {
  const path = `/2021-04-06/services/${SEED_001.service}/functions/${SEED_001.function}`;
  const sample = unmasked(SEED_001);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
  const expected = { ...sample, createdTime: time, lastModifiedTime: time };

  beforeAll(async () => {
    const { api } = bench;
    await createService(api, { serviceName: SEED_001.service });
    await createServiceFunction(api, { service: SEED_001.service, function: SEED_001.function });
    await api.call('PublishServiceVersion', { service: SEED_001.service, body: { description: 'v' } });
    const body = { aliasName: SEED_001.qualifier, versionId: '1' };
    await api.call('CreateAlias', { service: SEED_001.service, body });
  });

  test('seed 001: PutFunctionAsyncInvokeConfig gives the sample back', async () => {
    const { destinationConfig, maxAsyncEventAgeInSeconds, maxAsyncRetryAttempts, statefulInvocation } = sample;
    const body = { destinationConfig, maxAsyncEventAgeInSeconds, maxAsyncRetryAttempts, statefulInvocation };
    const answer = await bench.raw.send({
      method: 'PUT',
      target: `${path}/async-invoke-config?qualifier=test`,
      body: JSON.stringify(body),
      headers: [
        ['content-type', 'application/json'],
        ['x-fc-account-id', '188077086902****'],
        // The page's example of a date is a sentence; with a signature of another scheme nobody reads it.
        ['x-fc-date', 'The information about the asynchronous invocation configuration.'],
        ['x-fc-trace-id', 'ksdfjkdmkki***'],
      ],
    });
    expect([answer.status, jsonOf(answer)]).toEqual([200, expected]);
  });

  test('seed 002: ListFunctionAsyncInvokeConfigs gives the sample back, and a token while there is more', async () => {
    const list = async (query: string) => {
      const headers = [
        ['x-fc-account-id', '188077086902****'],
        ['x-fc-code-checksum', '1506052139770049xxxx'],
        ['x-fc-log-type', 'Tail'],
        ['x-fc-invocation-type', 'Async'],
        ['x-fc-date', 'Sat, 14 Jul 2017 07:02:38 GMT'],
        ['x-fc-trace-id', 'asdf****'],
      ] as const;
      return jsonOf(await bench.raw.send({ target: `${path}/async-invoke-configs?${query}`, headers }));
    };
    expect(await list('limit=20')).toEqual({ configs: [expected], nextToken: '' });
    await bench.raw.send({ method: 'PUT', target: `${path}/async-invoke-config` });
    const first = await list('limit=1');
    expect(typesOf({ nextToken: first['nextToken'] })).toEqual(typesOf({ nextToken: SEED_002.nextToken }));
    expect(await list(`limit=1&nextToken=${String(first['nextToken'])}`)).toEqual({
      configs: [expected],
      nextToken: '',
    });
  });
});

/** Delivered to, so that a task has a destination that succeeded. */
const sink = () => `acs:fc:cn-shanghai:${ACCOUNT}:functions/sink`;

test('seed 003: ListAsyncTasks has every member of the sample, of its type', async () => {
  const sdk = bench.newer;
  const [sample] = SEED_003.tasks;
  const { list } = SEED_000;
  const functionName = await createFunction(sdk, { functionName: 'my-func-3', fixture: 'scripted' });
  await createFunction(sdk, { functionName: 'sink', fixture: 'echo' });
  await putAsyncConfig(sdk, functionName, { onSuccess: sink() });
  const taskId = await submit(sdk, functionName, { taskId: 'job-3', script: { reply: 'result' } });
  await untilTask(sdk, { functionName, taskId });
  const delivered = await until('the destination was told', async () => {
    const task = await getTask(sdk, functionName, taskId);
    return task.destinationStatus === sample.destinationStatus ? task : undefined;
  });
  expect(delivered.returnPayload).toBe('result');
  const query = `prefix=${list.prefix}&limit=${list.limit}&qualifier=LATEST&sortOrderByTime=asc&includePayload=true`;
  const target = `/2023-03-30/functions/${functionName}/async-tasks?${query}&status=Succeeded&nextToken=`;
  const answer = jsonOf(await bench.raw.send({ target }));
  expect(typesOf(answer)).toEqual(typesOf(SEED_003));
  // Not the sample's form, which lost its colon: the SDK and the tool read this one.
  const [task] = answer['tasks'] as { functionArn: string }[];
  expect(task?.functionArn).toBe(`acs:fc:cn-shanghai:${ACCOUNT}:functions/${functionName}`);
});

test('seed 004: the list of stateful asynchronous invocations of 2016-08-15 has every member of the sample', async () => {
  const { api } = bench;
  const [sample] = SEED_004.answer.invocations;
  const { serviceName: service, functionName, qualifier } = sample;
  await createService(api, { serviceName: service });
  await createServiceFunction(api, { service, function: functionName, fixture: 'echo' });
  await createServiceFunction(api, { service, function: 'sink', fixture: 'echo' });
  await api.call('PublishServiceVersion', { service, body: { description: 'v' } });
  await api.call('CreateAlias', { service, body: { aliasName: qualifier, versionId: '1' } });
  const destination = `acs:fc:::services/${service}/functions/sink`;
  const body = { statefulInvocation: true, destinationConfig: { onSuccess: { destination } } };
  const call = { service, function: functionName, qualifier };
  await api.call('PutFunctionAsyncInvokeConfig', { ...call, body });
  const headers = { 'X-Fc-Invocation-Type': 'Async', 'X-Fc-Stateful-Async-Invocation-Id': 'job-1' };
  await api.call('InvokeFunction', { ...call, payload: sample.InvocationPayload, headers });

  const { invocationIdPrefix, limit, sortOrderByTime, includePayload } = SEED_004.query;
  const query = `invocationIdPrefix=${invocationIdPrefix}&limit=${limit}&sortOrderByTime=${sortOrderByTime}&includePayload=${includePayload}`;
  const target = `${SEED_004.path}?${query}`;
  const { host } = bench.server;
  const list = async () => {
    const request = { method: 'GET', target, body: Buffer.alloc(0) };
    const answer = await exchange(host, requestBytes({ ...request, headers: fcSignedHeaders({ ...request, host }) }));
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    return jsonOf(answer) as { invocations: Record<string, unknown>[]; nextToken: string };
  };
  const { invocations, nextToken } = await until('the destination was told', async () => {
    const answer = await list();
    return answer.invocations[0]?.['destinationStatus'] === sample.destinationStatus ? answer : undefined;
  });
  const { InvocationPayload, invocationErrorMessage, alreadyRetriedTimes, ...members } = sample;
  expect([invocations[0], typeof nextToken]).toMatchObject([
    {
      ...members,
      invocationId: 'job-1',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      // All SDKs read it with a small letter.
      invocationPayload: InvocationPayload,
      // What a task that succeeded has not; and the retries made, where the page describes those that may be.
      invocationErrorMessage: '',
      alreadyRetriedTimes: 0,
    },
    'string',
  ]);
  expect(typesOf({ invocationErrorMessage, alreadyRetriedTimes })).toEqual({
    invocationErrorMessage: typeof invocations[0]?.['invocationErrorMessage'],
    alreadyRetriedTimes: typeof invocations[0]?.['alreadyRetriedTimes'],
  });
  // The page's Long with a date for an example: integers, as every SDK reads them.
  expect(Number.isInteger(invocations[0]?.['startedTime'])).toBe(true);
});
