import {
  CreateAliasInput,
  CreateAliasRequest,
  DeleteAsyncInvokeConfigRequest,
  GetAsyncInvokeConfigRequest,
  ListAsyncInvokeConfigsRequest,
  PublishFunctionVersionRequest,
  PublishVersionInput,
  PutAsyncInvokeConfigInput,
  PutAsyncInvokeConfigRequest,
} from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { createFunction, putAsyncConfig, uniqueName } from '../support/functions.ts';
import { jsonOf, wireError } from '../support/raw-client.ts';
import { refusalOf, type SdkClient } from '../support/sdk.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

const RFC_3339_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ON_SUCCESS = 'acs:fc:local:1000000000000000:functions/on-success';
const ON_FAILURE = 'acs:fc:::functions/on-failure/LATEST';

function put(sdk: SdkClient, functionName: string, members: Record<string, unknown>, qualifier?: string) {
  const body = new PutAsyncInvokeConfigInput(members);
  return sdk.putAsyncInvokeConfig(functionName, new PutAsyncInvokeConfigRequest({ qualifier, body }));
}

function get(sdk: SdkClient, functionName: string, qualifier?: string) {
  return sdk.getAsyncInvokeConfig(functionName, new GetAsyncInvokeConfigRequest({ qualifier }));
}

describe.concurrent('an asynchronous configuration', () => {
  test('is given back as it was put', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const members = {
      asyncTask: true,
      destinationConfig: { onSuccess: { destination: ON_SUCCESS }, onFailure: { destination: ON_FAILURE } },
      maxAsyncEventAgeInSeconds: 300,
      maxAsyncRetryAttempts: 0,
    };
    const answer = await put(sdk, functionName, members);
    expect(answer.statusCode).toBe(200);
    const expected = {
      ...members,
      functionArn: `acs:fc:local:1000000000000000:functions/${functionName}`,
      createdTime: expect.stringMatching(RFC_3339_SECONDS),
      lastModifiedTime: expect.stringMatching(RFC_3339_SECONDS),
    };
    expect(answer.body?.toMap()).toEqual(expected);
    expect((await get(sdk, functionName)).body?.toMap()).toEqual(expected);
  });

  test('does not fill in what was left out', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await sdk.putAsyncInvokeConfig(functionName, new PutAsyncInvokeConfigRequest({}));
    const { body } = await get(sdk, functionName);
    expect(body?.asyncTask).toBe(false);
    expect(body?.maxAsyncEventAgeInSeconds ?? null).toBeNull();
    expect(body?.maxAsyncRetryAttempts ?? null).toBeNull();
    expect(body?.destinationConfig?.onSuccess?.destination).toBeUndefined();
  });

  test('is replaced as a whole by the next put, and keeps its time of creation', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const first = await put(sdk, functionName, { asyncTask: true, maxAsyncRetryAttempts: 5 });
    const { body } = await put(sdk, functionName, { maxAsyncEventAgeInSeconds: 60 });
    expect(body?.asyncTask).toBe(false);
    expect(body?.maxAsyncRetryAttempts ?? null).toBeNull();
    expect(body?.maxAsyncEventAgeInSeconds).toBe(60);
    expect(body?.createdTime).toBe(first.body?.createdTime);
  });

  test('belongs to one qualifier', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await sdk.publishFunctionVersion(
      functionName,
      new PublishFunctionVersionRequest({ body: new PublishVersionInput({}) }),
    );
    const alias = new CreateAliasInput({ aliasName: 'prod', versionId: '1' });
    await sdk.createAlias(functionName, new CreateAliasRequest({ body: alias }));
    await put(sdk, functionName, { maxAsyncRetryAttempts: 1 }, '1');
    await put(sdk, functionName, { maxAsyncRetryAttempts: 2 }, 'prod');
    expect(await refusalOf(get(sdk, functionName))).toMatchObject({ code: 'AsyncConfigNotExists', status: 404 });

    const ofVersion = await get(sdk, functionName, '1');
    expect(ofVersion.body?.maxAsyncRetryAttempts).toBe(1);
    expect(ofVersion.body?.functionArn).toBe(`acs:fc:local:1000000000000000:functions/${functionName}/1`);
    const ofAlias = await get(sdk, functionName, 'prod');
    expect(ofAlias.body?.maxAsyncRetryAttempts).toBe(2);
    expect(ofAlias.body?.functionArn).toBe(`acs:fc:local:1000000000000000:functions/${functionName}/prod`);
  });

  test('is gone after its deletion, and deleting it again succeeds', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await putAsyncConfig(sdk, functionName);
    const request = new DeleteAsyncInvokeConfigRequest({ qualifier: 'LATEST' });
    expect((await sdk.deleteAsyncInvokeConfig(functionName, request)).statusCode).toBe(204);
    expect(await refusalOf(get(sdk, functionName))).toMatchObject({ code: 'AsyncConfigNotExists', status: 404 });
    expect((await sdk.deleteAsyncInvokeConfig(functionName, request)).statusCode).toBe(204);
  });

  test('answers a deletion with nothing at all', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await putAsyncConfig(sdk, functionName);
    const target = `/2023-03-30/functions/${functionName}/async-invoke-config`;
    const { status, headers, body } = await bench.raw().send({ method: 'DELETE', target });
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).not.toHaveProperty('content-type');
    expect(headers).toHaveProperty('x-fc-request-id');
  });

  test('matches member names without regard to case and ignores unknown ones and null', async () => {
    const functionName = await createFunction(bench.sdk());
    const target = `/2023-03-30/functions/${functionName}/async-invoke-config?qualifier=`;
    const answer = await bench.raw().sendJson('PUT', target, {
      AsyncTask: true,
      MaxAsyncRetryAttempts: null,
      DestinationConfig: { OnSuccess: { Destination: ON_SUCCESS }, onFailure: null },
      somethingElse: [1],
    });
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject({
      asyncTask: true,
      maxAsyncRetryAttempts: null,
      destinationConfig: { onSuccess: { destination: ON_SUCCESS }, onFailure: null },
    });
  });
});

describe.concurrent('a put is refused, with the member, what is allowed and what came', () => {
  test.each([
    [{ maxAsyncRetryAttempts: 9 }, 'maxAsyncRetryAttempts must be an integer from 0 to 8 (actual: 9)'],
    [{ maxAsyncRetryAttempts: -1 }, 'maxAsyncRetryAttempts must be an integer from 0 to 8 (actual: -1)'],
    [{ maxAsyncRetryAttempts: 1.5 }, 'maxAsyncRetryAttempts must be an integer from 0 to 8 (actual: 1.5)'],
    [{ maxAsyncRetryAttempts: '3' }, "maxAsyncRetryAttempts must be an integer from 0 to 8 (actual: '3')"],
    [{ maxAsyncEventAgeInSeconds: 0 }, 'maxAsyncEventAgeInSeconds must be an integer from 1 to 604800 (actual: 0)'],
    [{ maxAsyncEventAgeInSeconds: 604_801 }, 'must be an integer from 1 to 604800 (actual: 604801)'],
    [{ asyncTask: 'true' }, "asyncTask must be true or false (actual: 'true')"],
    [{ destinationConfig: [] }, 'destinationConfig must be an object (actual: an array)'],
    [{ destinationConfig: { onSuccess: 'x' } }, "destinationConfig.onSuccess must be an object (actual: 'x')"],
    [{ destinationConfig: { onFailure: { destination: 'x' } } }, 'destinationConfig.onFailure.destination'],
    [{ destinationConfig: { onFailure: { destination: `acs:fc:::functions/${'f'.repeat(512)}` } } }, '512'],
    [{ destinationConfig: { onSuccess: { destination: 'acs:mns:::/queues/q/messages' } } }, 'fc'],
    [{ destinationConfig: { onSuccess: { destination: 'acs:eventbridge:::eventbus/b' } } }, 'onSuccess'],
    [{ destinationConfig: { onSuccess: { destination: 'acs:mq:::/instances/i/topics/t' } } }, 'onSuccess'],
    [{ destinationConfig: { onSuccess: { destination: 'acs:fc:::services/s' } } }, 'onSuccess'],
  ])('%j', async (document, message) => {
    const functionName = await createFunction(bench.sdk());
    const target = `/2023-03-30/functions/${functionName}/async-invoke-config`;
    const error = wireError(await bench.raw().sendJson('PUT', target, document));
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringContaining(message) });
  });

  test('when the function, version or alias does not exist', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const missing = uniqueName('missing');
    expect(await refusalOf(put(sdk, missing, {}))).toMatchObject({
      code: 'FunctionNotFound',
      status: 404,
      message: expect.stringContaining(`function '${missing}' does not exist`),
    });
    expect(await refusalOf(put(sdk, functionName, {}, '7'))).toMatchObject({ code: 'VersionNotFound', status: 404 });
    expect(await refusalOf(put(sdk, functionName, {}, 'prod'))).toMatchObject({ code: 'AliasNotFound', status: 404 });
    expect(await refusalOf(get(sdk, missing))).toMatchObject({ code: 'FunctionNotFound', status: 404 });
    const deletion = sdk.deleteAsyncInvokeConfig(missing, new DeleteAsyncInvokeConfigRequest({}));
    expect(await refusalOf(deletion)).toMatchObject({ code: 'FunctionNotFound', status: 404 });
  });
});

describe('the list of configurations', () => {
  test('holds those of one function, or of all, page by page', async () => {
    const sdk = bench.sdk();
    const names = await Promise.all(
      ['a', 'b', 'c'].map((letter) => createFunction(sdk, { functionName: uniqueName(letter) })),
    );
    for (const name of names) {
      await putAsyncConfig(sdk, name, { onSuccess: ON_SUCCESS, onFailure: ON_FAILURE, maxAsyncEventAgeInSeconds: 60 });
    }

    const ofOne = await sdk.listAsyncInvokeConfigs(new ListAsyncInvokeConfigsRequest({ functionName: names[1] }));
    expect(ofOne.body?.configs?.map(({ functionArn }) => functionArn)).toEqual([arnOf(names[1])]);
    expect(ofOne.body?.nextToken).toBe('');

    const paged: (string | undefined)[] = [];
    let nextToken = '';
    do {
      const request = new ListAsyncInvokeConfigsRequest({ limit: 1, nextToken });
      const { body } = await sdk.listAsyncInvokeConfigs(request);
      expect(body?.configs).toHaveLength(1);
      paged.push(...(body?.configs ?? []).map(({ functionArn }) => functionArn));
      nextToken = body?.nextToken ?? '';
    } while (nextToken !== '');
    expect(paged).toEqual(expect.arrayContaining(names.map(arnOf)));
    expect(new Set(paged).size).toBe(paged.length);
  });

  test.each([
    ['limit=0', 'limit must be an integer from 1 to 100'],
    ['limit=101', 'limit must be an integer from 1 to 100'],
    ['limit=x', "(actual: 'x')"],
    ['nextToken=%00', 'nextToken'],
  ])('refuses %s', async (query, message) => {
    const error = wireError(await bench.raw().send({ target: `/2023-03-30/async-invoke-configs?${query}` }));
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringContaining(message) });
  });
});

function arnOf(functionName: string | undefined): string {
  return `acs:fc:local:1000000000000000:functions/${functionName}`;
}

testCoverage('async-configs', bench);
