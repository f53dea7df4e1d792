import { describe, expect, it } from 'vitest';
import { CALLER, givenFunction, newBench } from '../../service/context.fixture.ts';
import { caller } from '../shared/operation-call.fixture.ts';
import { ALIAS_OPERATIONS } from './alias-operations.ts';
import { ASYNC_CONFIG_OPERATIONS } from './async-config-operations.ts';
import { CONCURRENCY_OPERATIONS } from './concurrency-operations.ts';
import { INSTANCE_OPERATIONS } from './instance-operations.ts';
import { VERSION_OPERATIONS } from './version-operations.ts';

const OPERATIONS = [
  ...ALIAS_OPERATIONS,
  ...ASYNC_CONFIG_OPERATIONS,
  ...CONCURRENCY_OPERATIONS,
  ...INSTANCE_OPERATIONS,
  ...VERSION_OPERATIONS,
];
const path = { functionName: 'f' };
const arn = 'acs:fc:local:1000:functions/f';
const dates = { createdTime: '2026-01-01T00:00:00Z', lastModifiedTime: '2026-01-01T00:00:00Z' };

async function given() {
  const bench = newBench();
  await givenFunction(bench);
  const call = caller(OPERATIONS, bench.context, CALLER.account);
  for (const description of ['first', 'second']) await call('PublishFunctionVersion', { path, json: { description } });
  await call('CreateAlias', { path, json: { aliasName: 'prod', versionId: '1' } });
  return { ...bench, call };
}

describe('versions', () => {
  it('are published with and without a body', async () => {
    const { call } = await given();
    expect(await call('PublishFunctionVersion', { path })).toEqual({
      status: 200,
      json: { versionId: '3', description: '', ...dates },
    });
  });

  it('are listed newest first unless asked otherwise, and the direction is repeated', async () => {
    const { call } = await given();
    const backward = await call('ListFunctionVersions', { path });
    expect(backward.json).toEqual({
      versions: [
        { versionId: '2', description: 'second', ...dates },
        { versionId: '1', description: 'first', ...dates },
      ],
      nextToken: '',
      direction: 'BACKWARD',
    });
    const forward = await call('ListFunctionVersions', { path, query: 'direction=FORWARD&limit=1' });
    expect(forward.json).toMatchObject({ versions: [{ versionId: '1' }], direction: 'FORWARD' });
    const { nextToken } = forward.json as { nextToken: string };
    const rest = await call('ListFunctionVersions', { path, query: `direction=FORWARD&nextToken=${nextToken}` });
    expect(rest.json).toMatchObject({ versions: [{ versionId: '2' }], nextToken: '' });
  });

  it('are deleted with an empty answer', async () => {
    const { call } = await given();
    const reply = await call('DeleteFunctionVersion', { path: { ...path, versionId: '2' } });
    expect(reply).toEqual({ status: 204 });
  });

  it('refuse another direction and a description of another type', async () => {
    const { call } = await given();
    await expect(call('ListFunctionVersions', { path, query: 'direction=UP' })).rejects.toThrow(
      "direction must be one of FORWARD, BACKWARD (actual: 'UP')",
    );
    await expect(call('PublishFunctionVersion', { path, json: { description: 1 } })).rejects.toThrow(
      'description must be a string (actual: 1)',
    );
  });
});

describe('aliases', () => {
  const alias = { path: { ...path, aliasName: 'prod' } };
  const shown = { aliasName: 'prod', versionId: '1', description: '', additionalVersionWeight: {}, ...dates };

  it('are read, changed, listed and deleted', async () => {
    const { call } = await given();
    expect((await call('GetAlias', alias)).json).toEqual(shown);
    const changed = { ...shown, description: 'd', additionalVersionWeight: { '2': 0.5 } };
    const json = { description: 'd', additionalVersionWeight: { '2': 0.5 } };
    expect((await call('UpdateAlias', { ...alias, json })).json).toEqual(changed);
    expect((await call('ListAliases', { path, query: 'prefix=p' })).json).toEqual({
      aliases: [changed],
      nextToken: '',
    });
    expect(await call('DeleteAlias', alias)).toEqual({ status: 204 });
    expect((await call('ListAliases', { path })).json).toEqual({ aliases: [], nextToken: '' });
  });

  it.each([
    [{ versionId: '1' }, 'aliasName is required'],
    [{ aliasName: 'x' }, 'versionId is required'],
    [{ aliasName: 'x', versionId: 1 }, 'versionId must be a string (actual: 1)'],
    [{ aliasName: 'x', versionId: '12345678901' }, 'versionId must have 1 to 10 characters (actual: 11)'],
    [
      { aliasName: 'x', versionId: '1', additionalVersionWeight: { '2': 1.1 } },
      'additionalVersionWeight must be an object of numbers from 0 to 1 (actual: an object)',
    ],
  ])('refuse %j', async (json, message) => {
    const { call } = await given();
    await expect(call('CreateAlias', { path, json })).rejects.toMatchObject({ code: 'InvalidArgument', message });
  });
});

describe('concurrency', () => {
  it('is put, read, listed and deleted', async () => {
    const { call } = await given();
    const config = { functionArn: arn, reservedConcurrency: 0 };
    expect((await call('PutConcurrencyConfig', { path, json: { reservedConcurrency: 0 } })).json).toEqual(config);
    expect((await call('GetConcurrencyConfig', { path })).json).toEqual(config);
    const listed = await call('ListConcurrencyConfigs', { query: 'functionName=f&nextToken=' });
    expect(listed.json).toEqual({ configs: [config], nextToken: '' });
    expect(await call('DeleteConcurrencyConfig', { path })).toEqual({ status: 204 });
    expect((await call('ListConcurrencyConfigs')).json).toEqual({ configs: [], nextToken: '' });
  });

  it.each([
    [{}, /^reservedConcurrency is required$/],
    [{ reservedConcurrency: -1 }, /^reservedConcurrency must be an integer from 0 .* \(actual: -1\)$/],
    [{ reservedConcurrency: 1.5 }, /^reservedConcurrency must be an integer/],
  ])('refuses %j', async (json, message) => {
    const { call } = await given();
    await expect(call('PutConcurrencyConfig', { path, json })).rejects.toThrow(message);
  });
});

describe('asynchronous configurations', () => {
  it('come back as they were put: what was not given is null, and the qualifier is in the ARN', async () => {
    const { call } = await given();
    const json = {
      AsyncTask: true,
      maxAsyncRetryAttempts: 0,
      DestinationConfig: { OnSuccess: { Destination: 'acs:fc:::functions/g' }, onFailure: { destination: '' } },
    };
    const shown = {
      functionArn: `${arn}/prod`,
      asyncTask: true,
      maxAsyncRetryAttempts: 0,
      maxAsyncEventAgeInSeconds: null,
      destinationConfig: { onSuccess: { destination: 'acs:fc:::functions/g' }, onFailure: null },
      ...dates,
    };
    const query = 'qualifier=prod';
    expect((await call('PutAsyncInvokeConfig', { path, query, json })).json).toEqual(shown);
    expect((await call('GetAsyncInvokeConfig', { path, query })).json).toEqual(shown);
    expect((await call('ListAsyncInvokeConfigs', { query: 'functionName=f' })).json).toEqual({
      configs: [shown],
      nextToken: '',
    });
    expect(await call('DeleteAsyncInvokeConfig', { path, query })).toEqual({ status: 204 });
    await expect(call('GetAsyncInvokeConfig', { path, query })).rejects.toThrow(
      'AsyncConfig for f:prod does not exist.',
    );
  });

  it('may be put without a body, for LATEST', async () => {
    const { call } = await given();
    expect((await call('PutAsyncInvokeConfig', { path })).json).toEqual({
      functionArn: arn,
      asyncTask: false,
      maxAsyncRetryAttempts: null,
      maxAsyncEventAgeInSeconds: null,
      destinationConfig: { onSuccess: null, onFailure: null },
      ...dates,
    });
  });

  it.each([
    [{ asyncTask: 'true' }, /^asyncTask must be true or false/],
    [{ maxAsyncRetryAttempts: 9 }, /^maxAsyncRetryAttempts must be an integer from 0 to 8 \(actual: 9\)$/],
    [{ maxAsyncEventAgeInSeconds: 0 }, /^maxAsyncEventAgeInSeconds must be an integer from 1 to 604800/],
    [{ destinationConfig: [] }, /^destinationConfig must be an object \(actual: an array\)$/],
    [
      { destinationConfig: { onSuccess: { destination: 'a'.repeat(513) } } },
      /^destinationConfig\.onSuccess\.destination must have at most 512/,
    ],
    [{ destinationConfig: { onFailure: { destination: 'acs:mq:::x' } } }, /^destinationConfig\.onFailure\.destination/],
  ])('refuse %j', async (json, message) => {
    const { call } = await given();
    await expect(call('PutAsyncInvokeConfig', { path, json })).rejects.toThrow(message);
  });
});

describe('ListInstances', () => {
  it('shows instances as the SDK reads them, and takes its lists of JSON text', async () => {
    const { call, instances } = await given();
    instances.push(
      { instanceId: 'c-1', versionId: '0', status: 'Running', createdAtMs: 5, destroyedAtMs: null },
      { instanceId: 'c-2', versionId: '1', status: 'Destroyed', createdAtMs: 5, destroyedAtMs: 9 },
    );
    const first = { instanceId: 'c-1', versionId: '0', status: 'Running', createdTimeMs: 5, destroyedTimeMs: 0 };
    const query = 'instanceIds=%5B%22c-1%22%2C%22c-2%22%5D&instanceStatus=%5B%22Running%22%5D&limit=3';
    expect((await call('ListInstances', { path, query })).json).toEqual({
      instances: [{ ...first, qualifier: 'LATEST' }],
      requestId: 'request-1',
    });
    expect((await call('ListInstances', { path, query: 'qualifier=prod' })).json).toMatchObject({
      instances: [{ instanceId: 'c-2', versionId: '1', qualifier: 'prod', destroyedTimeMs: 9 }],
    });
  });

  it.each([
    ['instanceIds=a', /^instanceIds must be JSON/],
    ['instanceIds=%7B%7D', /^instanceIds must be an array of strings/],
    ['instanceStatus=%5B%22Idle%22%5D', /^instanceStatus must be an array of Running, Terminating, Destroyed/],
    ['withAllActive=1', /^withAllActive must be true or false/],
    ['limit=0', /^limit must be an integer from 1 to 100/],
    ['startTimeMs=-1', /^startTimeMs must be an integer/],
  ])('refuses %s', async (query, message) => {
    const { call } = await given();
    await expect(call('ListInstances', { path, query })).rejects.toThrow(message);
  });
});
