import { ListInstancesRequest, PublishFunctionVersionRequest, PublishVersionInput } from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { createFunction } from '../support/functions.ts';
import { jsonOf, wireError } from '../support/raw-client.ts';
import { refusalOf, type SdkClient } from '../support/sdk.ts';
import { until } from '../support/until.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

async function list(sdk: SdkClient, functionName: string, members: Record<string, unknown> = {}) {
  return (await sdk.listInstances(functionName, new ListInstancesRequest(members))).body?.instances ?? [];
}

describe('the list of instances', () => {
  test('shows which run, of which version', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    expect(await list(sdk, functionName)).toEqual([]);
    await sdk.publishFunctionVersion(
      functionName,
      new PublishFunctionVersionRequest({ body: new PublishVersionInput({}) }),
    );
    const latest = await sdk.invoke(functionName);
    const version = await sdk.invoke(functionName, { qualifier: '1' });
    const answer = await bench.raw().send({ target: `/2023-03-30/functions/${functionName}/instances` });
    expect(jsonOf(answer)['requestId']).toBe(answer.headers['x-fc-request-id']);
    expect(jsonOf(answer)['instances']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ instanceId: latest.headers['x-fc-instance-id'], versionId: '0', status: 'Running' }),
        expect.objectContaining({ instanceId: version.headers['x-fc-instance-id'], versionId: '1', status: 'Running' }),
      ]),
    );
    expect((await list(sdk, functionName, { qualifier: '1' })).map(({ versionId }) => versionId)).toEqual(['1']);
    expect((await list(sdk, functionName, { qualifier: 'LATEST' })).map(({ versionId }) => versionId)).toEqual(['0']);
  });

  test('can be narrowed by id, state, time and number', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk, { fixture: 'scripted' });
    const gone = await sdk.invoke(functionName, { payload: '{"exit":1}' });
    const alive = await sdk.invoke(functionName, { payload: '{}' });
    const [goneId, aliveId] = [gone.headers['x-fc-instance-id'], alive.headers['x-fc-instance-id']];
    const ids = async (members: Record<string, unknown>) =>
      (await list(sdk, functionName, members)).map(({ instanceId }) => instanceId);
    await until('the end of the first is known', async () => {
      return (await ids({ instanceStatus: ['Destroyed'] })).includes(goneId);
    });
    expect(await ids({ instanceStatus: ['Running'] })).toEqual([aliveId]);
    expect(await ids({ instanceIds: [aliveId] })).toEqual([aliveId]);
    expect((await ids({ instanceStatus: ['Running', 'Destroyed'] })).sort()).toEqual([goneId, aliveId].sort());
    expect(await ids({ instanceStatus: ['Running', 'Destroyed'], limit: '1' })).toHaveLength(1);
    const [entry] = await list(sdk, functionName, { instanceIds: [goneId], instanceStatus: ['Destroyed'] });
    expect(entry?.destroyedTimeMs).toBeGreaterThan(0);
    const { createdTimeMs = 0 } = entry ?? {};
    const window = {
      startTimeMs: createdTimeMs,
      endTimeMs: Date.now() + 1000,
      instanceStatus: ['Running', 'Destroyed'],
    };
    expect(await ids(window)).toContain(aliveId);
    expect(await ids({ ...window, startTimeMs: 1, endTimeMs: 2 })).toEqual([]);
    expect(await ids({ ...window, startTimeMs: 1, endTimeMs: 2, withAllActive: true })).toEqual([aliveId]);
    expect(await ids({ ...window, startKey: 'zzzz' })).toEqual([]);
  });

  test('needs a function', async () => {
    expect(await refusalOf(list(bench.sdk(), 'no-such-function'))).toMatchObject({
      code: 'FunctionNotFound',
      status: 404,
    });
  });

  test.each([
    ['withAllActive=1', 'withAllActive must be true or false'],
    ['limit=0', 'limit'],
    ['instanceStatus=%5B%22Gone%22%5D', 'instanceStatus'],
    ['instanceIds=x', 'instanceIds'],
    ['startTimeMs=now', 'startTimeMs must be an integer'],
  ])('refuses %s', async (query, message) => {
    const functionName = await createFunction(bench.sdk());
    const answer = await bench.raw().send({ target: `/2023-03-30/functions/${functionName}/instances?${query}` });
    expect(wireError(answer)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: expect.stringContaining(message),
    });
  });
});

testCoverage('instances', bench);
