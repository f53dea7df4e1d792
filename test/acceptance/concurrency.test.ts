import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListConcurrencyConfigsRequest, PutConcurrencyConfigRequest, PutConcurrencyInput } from '@alicloud/fc20230330';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createFunction,
  createTaskFunction,
  getTask,
  runTask,
  submit,
  uniqueName,
  untilTask,
} from '../support/functions.ts';
import { wireError } from '../support/raw-client.ts';
import { refusalOf, refusalsOf, type SdkClient } from '../support/sdk.ts';
import { until } from '../support/until.ts';
import { makeSharedFolder } from '../support/shared-folder.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

let folder: string;
beforeAll(async () => {
  folder = await makeSharedFolder('meanwhile-concurrency-');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function put(sdk: SdkClient, functionName: string, reservedConcurrency: number) {
  const body = new PutConcurrencyInput({ reservedConcurrency });
  return await sdk.putConcurrencyConfig(functionName, new PutConcurrencyConfigRequest({ body }));
}

function arnOf(functionName: string): string {
  return `acs:fc:local:1000000000000000:functions/${functionName}`;
}

describe.concurrent('a concurrency configuration', () => {
  test('is given back as it was put, and replaced by the next', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const expected = { functionArn: arnOf(functionName), reservedConcurrency: 3 };
    expect((await put(sdk, functionName, 3)).body?.toMap()).toEqual(expected);
    expect((await sdk.getConcurrencyConfig(functionName)).body?.toMap()).toEqual(expected);
    await put(sdk, functionName, 5);
    expect((await sdk.getConcurrencyConfig(functionName)).body?.reservedConcurrency).toBe(5);
  });

  test.each([2_147_483_648, Number.MAX_SAFE_INTEGER])('may be as much as %i, and functions run', async (most) => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    await put(sdk, functionName, most);
    expect((await sdk.getConcurrencyConfig(functionName)).body?.reservedConcurrency).toBe(most);
    expect((await runTask(sdk, functionName)).status).toBe('Succeeded');
    expect((await sdk.invoke(functionName, { payload: '{}' })).status).toBe(200);
  });

  test('is gone after its deletion, and deleting it again succeeds', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const none = { code: 'OnDemandConfigNotFound', status: 404 };
    expect(await refusalOf(sdk.getConcurrencyConfig(functionName))).toMatchObject(none);
    await put(sdk, functionName, 3);
    expect((await sdk.deleteConcurrencyConfig(functionName)).statusCode).toBe(204);
    expect(await refusalOf(sdk.getConcurrencyConfig(functionName))).toMatchObject(none);
    const target = `/2023-03-30/functions/${functionName}/concurrency`;
    const { status, headers, body } = await bench.raw().send({ method: 'DELETE', target });
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).not.toHaveProperty('content-type');
  });

  test('needs a function', async () => {
    const sdk = bench.sdk();
    const name = 'no-such-function';
    const calls = [put(sdk, name, 1), sdk.getConcurrencyConfig(name), sdk.deleteConcurrencyConfig(name)];
    for (const refusal of await refusalsOf(calls))
      expect(refusal).toMatchObject({ code: 'FunctionNotFound', status: 404 });
  });

  test.each([
    [{}, 'reservedConcurrency is required'],
    [{ reservedConcurrency: -1 }, 'reservedConcurrency must be an integer from 0'],
    [{ reservedConcurrency: 1.5 }, 'reservedConcurrency must be an integer'],
    [{ reservedConcurrency: '1' }, 'reservedConcurrency must be an integer from 0'],
  ])('is refused with %j', async (document, message) => {
    const functionName = await createFunction(bench.sdk());
    const target = `/2023-03-30/functions/${functionName}/concurrency`;
    const error = wireError(await bench.raw().sendJson('PUT', target, document));
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringContaining(message) });
  });

  test('lets no more run at once: callers are refused, tasks wait', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    await put(sdk, functionName, 1);
    const [gate, started] = [join(folder, uniqueName('gate')), join(folder, uniqueName('started'))];
    const first = await submit(sdk, functionName, { script: { touch: started, waitFor: gate } });
    await until('the first task runs', () => existsSync(started));
    expect(await refusalOf(sdk.invoke(functionName, { payload: '{}' }))).toMatchObject({
      code: 'ResourceExhausted',
      status: 429,
      message: expect.stringContaining('1'),
    });
    const second = await submit(sdk, functionName);
    expect((await getTask(sdk, functionName, second)).status).toBe('Enqueued');
    await writeFile(gate, '');
    await untilTask(sdk, { functionName, taskId: first, status: 'Succeeded' });
    const after = await untilTask(sdk, { functionName, taskId: second, status: 'Succeeded' });
    expect(after.alreadyRetriedTimes).toBe(0);
  });

  test('of 0 lets tasks wait until there is room again', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    await put(sdk, functionName, 0);
    const taskId = await submit(sdk, functionName);
    expect((await getTask(sdk, functionName, taskId)).status).toBe('Enqueued');
    await sdk.deleteConcurrencyConfig(functionName);
    await untilTask(sdk, { functionName, taskId, status: 'Succeeded' });
  });
});

describe('the list of concurrency configurations', () => {
  test('holds that of one function, or all, page by page', async () => {
    const sdk = bench.sdk();
    const names = await Promise.all([createFunction(sdk), createFunction(sdk)]);
    for (const name of names) await put(sdk, name, 7);
    const list = async (members: Record<string, unknown>) =>
      (await sdk.listConcurrencyConfigs(new ListConcurrencyConfigsRequest(members))).body;
    const ofOne = await list({ functionName: names[0] });
    expect(ofOne?.configs?.map((config) => config.toMap())).toEqual([
      { functionArn: arnOf(names[0]), reservedConcurrency: 7 },
    ]);
    const all: (string | undefined)[] = [];
    for (let nextToken: string | undefined = ''; ; ) {
      const page = await list({ limit: 1, nextToken });
      all.push(...(page?.configs ?? []).map(({ functionArn }) => functionArn));
      nextToken = page?.nextToken;
      if (nextToken === '' || nextToken === undefined) break;
    }
    expect(all).toEqual(expect.arrayContaining(names.map(arnOf)));
  });

  test('refuses a wrong limit', async () => {
    const answer = await bench.raw().send({ target: '/2023-03-30/concurrency-configs?limit=0' });
    expect(wireError(answer)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});

testCoverage('concurrency', bench);
