import {
  CreateAliasInput,
  CreateAliasRequest,
  ListFunctionVersionsRequest,
  PublishFunctionVersionRequest,
  PublishVersionInput,
  UpdateFunctionInput,
  UpdateFunctionRequest,
} from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { createFunction, createTaskFunction, fixtureCode, putAsyncConfig, runTask } from '../support/functions.ts';
import { wireError } from '../support/raw-client.ts';
import { refusalOf, type SdkClient } from '../support/sdk.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

async function publish(sdk: SdkClient, functionName: string, members: Record<string, unknown> = {}) {
  const body = new PublishVersionInput(members);
  return (await sdk.publishFunctionVersion(functionName, new PublishFunctionVersionRequest({ body }))).body;
}

async function list(sdk: SdkClient, functionName: string, members: Record<string, unknown> = {}) {
  return (await sdk.listFunctionVersions(functionName, new ListFunctionVersionsRequest(members))).body;
}

const NOT_FOUND = { code: 'FunctionNotFound', status: 404 };

describe.concurrent('a version', () => {
  test('is numbered from 1 and never gets a number that was used', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const first = await publish(sdk, functionName, { description: 'the first' });
    expect(first?.toMap()).toEqual({
      versionId: '1',
      description: 'the first',
      createdTime: expect.stringMatching(/Z$/),
      lastModifiedTime: expect.stringMatching(/Z$/),
    });
    expect((await publish(sdk, functionName))?.versionId).toBe('2');
    expect((await sdk.deleteFunctionVersion(functionName, '2')).statusCode).toBe(204);
    expect((await publish(sdk, functionName))?.versionId).toBe('3');
  });

  test('is published without a body as well', async () => {
    const functionName = await createFunction(bench.sdk());
    const target = `/2023-03-30/functions/${functionName}/versions`;
    expect((await bench.raw().send({ method: 'POST', target })).status).toBe(200);
  });

  test('runs the code and settings that it was published with', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk, { fixture: 'scripted' });
    await publish(sdk, functionName);
    const body = new UpdateFunctionInput({ code: await fixtureCode('echo') });
    await sdk.updateFunction(functionName, new UpdateFunctionRequest({ body }));
    const payload = '{"reply":"from the script"}';
    const ofVersion = await sdk.invoke(functionName, { payload, qualifier: '1' });
    expect(ofVersion.body.toString()).toBe('from the script');
    expect(ofVersion.headers['x-fc-invocation-service-version']).toBe('1');
    expect((await sdk.invoke(functionName, { payload })).body.toString()).toBe(payload);
  });

  test('runs tasks under its own configuration', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    await publish(sdk, functionName);
    await putAsyncConfig(sdk, functionName, { qualifier: '1', maxAsyncRetryAttempts: 1 });
    const script = { fail: 'always' };
    expect((await runTask(sdk, functionName, { script })).alreadyRetriedTimes).toBe(0);
    const task = await runTask(sdk, functionName, { script, qualifier: '1' });
    expect([task.qualifier, task.alreadyRetriedTimes]).toEqual(['1', 1]);
  });

  test('is gone after its deletion, which answers with nothing', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await publish(sdk, functionName);
    const target = `/2023-03-30/functions/${functionName}/versions/1`;
    const { status, headers, body } = await bench.raw().send({ method: 'DELETE', target });
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).not.toHaveProperty('content-type');
    const gone = { code: 'VersionNotFound', status: 404 };
    expect(await refusalOf(sdk.invoke(functionName, { qualifier: '1' }))).toMatchObject(gone);
    expect(await refusalOf(sdk.deleteFunctionVersion(functionName, '1'))).toMatchObject(gone);
  });

  test('that an alias names cannot be deleted', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await publish(sdk, functionName);
    await publish(sdk, functionName);
    const body = new CreateAliasInput({ aliasName: 'prod', versionId: '1', additionalVersionWeight: { '2': 0.5 } });
    await sdk.createAlias(functionName, new CreateAliasRequest({ body }));
    for (const versionId of ['1', '2']) {
      expect(await refusalOf(sdk.deleteFunctionVersion(functionName, versionId))).toMatchObject({
        code: 'VersionInUse',
        status: 409,
        message: expect.stringContaining('prod'),
      });
    }
  });

  test('needs a function and a description of at most 256 characters', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    expect(await refusalOf(publish(sdk, 'no-such-function'))).toMatchObject(NOT_FOUND);
    expect(await refusalOf(list(sdk, 'no-such-function'))).toMatchObject(NOT_FOUND);
    expect(await refusalOf(sdk.deleteFunctionVersion('no-such-function', '1'))).toMatchObject(NOT_FOUND);
    expect(await refusalOf(publish(sdk, functionName, { description: 'd'.repeat(257) }))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
      message: expect.stringContaining('description must have at most 256 characters (actual: 257)'),
    });
  });
});

describe('the list of versions', () => {
  test('has the newest first, or last, by number and page by page', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    for (let number = 1; number <= 11; number += 1) await publish(sdk, functionName, { description: `v${number}` });
    const backward = await list(sdk, functionName);
    expect(backward?.direction).toBe('BACKWARD');
    expect(backward?.versions?.map(({ versionId }) => Number(versionId))).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const forward = await list(sdk, functionName, { direction: 'FORWARD', limit: 10 });
    expect(forward?.direction).toBe('FORWARD');
    expect(forward?.versions?.map(({ versionId }) => Number(versionId))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const rest = await list(sdk, functionName, { direction: 'FORWARD', limit: 10, nextToken: forward?.nextToken });
    expect(rest?.versions?.map(({ versionId }) => versionId)).toEqual(['11']);
    expect(rest?.nextToken).toBe('');
  });

  test.each([
    ['direction=UP', 'direction must be one of'],
    ['limit=0', 'limit must be an integer from 1 to 100'],
    ['nextToken=x', 'nextToken'],
  ])('refuses %s', async (query, message) => {
    const functionName = await createFunction(bench.sdk());
    const answer = await bench.raw().send({ target: `/2023-03-30/functions/${functionName}/versions?${query}` });
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: expect.stringContaining(message),
    });
  });
});

testCoverage('versions', bench);
