import {
  CreateAliasInput,
  CreateAliasRequest,
  ListAliasesRequest,
  PublishFunctionVersionRequest,
  PublishVersionInput,
  UpdateAliasInput,
  UpdateAliasRequest,
} from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { createFunction, createTaskFunction, putAsyncConfig, runTask } from '../support/functions.ts';
import { wireError } from '../support/raw-client.ts';
import { refusalOf, refusalsOf, type SdkClient } from '../support/sdk.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

/** A function with the versions 1 and 2. */
async function createVersioned(sdk: SdkClient): Promise<string> {
  const functionName = await createFunction(sdk);
  await publish(sdk, functionName);
  await publish(sdk, functionName);
  return functionName;
}

async function publish(sdk: SdkClient, functionName: string): Promise<void> {
  const body = new PublishVersionInput({});
  await sdk.publishFunctionVersion(functionName, new PublishFunctionVersionRequest({ body }));
}

async function create(sdk: SdkClient, functionName: string, members: Record<string, unknown>) {
  const body = new CreateAliasInput({ aliasName: 'prod', versionId: '1', ...members });
  return (await sdk.createAlias(functionName, new CreateAliasRequest({ body }))).body;
}

async function update(sdk: SdkClient, functionName: string, members: Record<string, unknown>) {
  const body = new UpdateAliasInput(members);
  return (await sdk.updateAlias(functionName, 'prod', new UpdateAliasRequest({ body }))).body;
}

describe.concurrent('an alias', () => {
  test('is given back as it was made', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    const members = { aliasName: 'prod', versionId: '1', description: 'd', additionalVersionWeight: { '2': 0.25 } };
    const expected = {
      ...members,
      createdTime: expect.stringMatching(/Z$/),
      lastModifiedTime: expect.stringMatching(/Z$/),
    };
    expect((await create(sdk, functionName, members))?.toMap()).toEqual(expected);
    expect((await sdk.getAlias(functionName, 'prod')).body?.toMap()).toEqual(expected);
  });

  test('keeps what an update leaves out', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    await create(sdk, functionName, { description: 'd', additionalVersionWeight: { '2': 0.25 } });
    expect(await update(sdk, functionName, { description: 'e' })).toMatchObject({
      description: 'e',
      versionId: '1',
      additionalVersionWeight: { '2': 0.25 },
    });
    expect(await update(sdk, functionName, { versionId: '2', additionalVersionWeight: { '1': 1 } })).toMatchObject({
      description: 'e',
      versionId: '2',
      additionalVersionWeight: { '1': 1 },
    });
    const target = `/2023-03-30/functions/${functionName}/aliases/prod`;
    expect((await bench.raw().sendJson('PUT', target, { additionalVersionWeight: {} })).status).toBe(200);
  });

  test('sends invocations to its version, and all of them elsewhere by a weight of 1', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    await create(sdk, functionName, {});
    const versionOf = async () =>
      (await sdk.invoke(functionName, { qualifier: 'prod' })).headers['x-fc-invocation-service-version'];
    expect(await versionOf()).toBe('1');
    await update(sdk, functionName, { additionalVersionWeight: { '2': 1 } });
    expect(await versionOf()).toBe('2');
    await update(sdk, functionName, { versionId: '2', additionalVersionWeight: {} });
    expect(await versionOf()).toBe('2');
  });

  test('shares invocations between its versions by weight', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    await create(sdk, functionName, { additionalVersionWeight: { '2': 0.5 } });
    const seen = new Set<string | undefined>();
    // Sixty throws of a fair coin on one side: 1 in 10^18.
    for (let call = 0; call < 60 && seen.size < 2; call += 1) {
      seen.add((await sdk.invoke(functionName, { qualifier: 'prod' })).headers['x-fc-invocation-service-version']);
    }
    expect([...seen].sort()).toEqual(['1', '2']);
  });

  test('runs tasks under its own configuration, and the record names the alias', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk, { fixture: 'echo' });
    await publish(sdk, functionName);
    await create(sdk, functionName, {});
    await putAsyncConfig(sdk, functionName, { qualifier: 'prod' });
    const task = await runTask(sdk, functionName, { qualifier: 'prod', payload: 'x' });
    expect(task).toMatchObject({ status: 'Succeeded', qualifier: 'prod', returnPayload: 'x' });
  });

  test('is gone after its deletion, which answers with nothing', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    await create(sdk, functionName, {});
    const target = `/2023-03-30/functions/${functionName}/aliases/prod`;
    const { status, headers, body } = await bench.raw().send({ method: 'DELETE', target });
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).not.toHaveProperty('content-type');
    const gone = { code: 'AliasNotFound', status: 404, message: expect.stringContaining("'prod'") };
    expect(await refusalOf(sdk.getAlias(functionName, 'prod'))).toMatchObject(gone);
    expect(await refusalOf(sdk.deleteAlias(functionName, 'prod'))).toMatchObject(gone);
    expect(await refusalOf(update(sdk, functionName, {}))).toMatchObject(gone);
    expect(await refusalOf(sdk.invoke(functionName, { qualifier: 'prod' }))).toMatchObject(gone);
  });

  test('of a name that exists is refused', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    await create(sdk, functionName, {});
    expect(await refusalOf(create(sdk, functionName, {}))).toMatchObject({ code: 'AliasAlreadyExists', status: 409 });
  });

  test('needs a function', async () => {
    const sdk = bench.sdk();
    const name = 'no-such-function';
    const calls = [
      create(sdk, name, {}),
      update(sdk, name, {}),
      sdk.getAlias(name, 'prod'),
      sdk.deleteAlias(name, 'prod'),
      sdk.listAliases(name, new ListAliasesRequest({})),
    ];
    for (const refusal of await refusalsOf(calls))
      expect(refusal).toMatchObject({ code: 'FunctionNotFound', status: 404 });
  });

  test.each([
    [{ aliasName: 'LATEST' }, 'aliasName'],
    [{ aliasName: '1' }, 'aliasName'],
    [{ aliasName: 'a.b' }, 'aliasName'],
    [{ aliasName: 'a'.repeat(129) }, 'aliasName'],
    [{ aliasName: undefined }, 'aliasName is required'],
    [{ versionId: undefined }, 'versionId is required'],
    [{ versionId: 1 }, 'versionId must be a string'],
    [{ description: 'd'.repeat(257) }, 'description must have at most 256 characters'],
    [{ additionalVersionWeight: { '2': 1.5 } }, 'additionalVersionWeight must be an object of numbers from 0 to 1'],
    [{ additionalVersionWeight: { '2': -0.1 } }, 'additionalVersionWeight must be an object of numbers from 0 to 1'],
    [{ additionalVersionWeight: { '2': '0.5' } }, 'additionalVersionWeight'],
    [{ additionalVersionWeight: { '2': 0.6, '3': 0.6 } }, 'additionalVersionWeight must sum up to at most 1'],
  ])('is refused with %j', async (members, message) => {
    const functionName = await createVersioned(bench.sdk());
    const document = { aliasName: 'prod', versionId: '1', ...members };
    const target = `/2023-03-30/functions/${functionName}/aliases`;
    const error = wireError(await bench.raw().sendJson('POST', target, document));
    expect(error).toEqual({ status: 400, code: 'InvalidArgument', message: expect.stringContaining(message) });
  });

  test('of a version that does not exist is refused', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    const missing = { code: 'VersionNotFound', status: 404, message: expect.stringContaining("'9'") };
    expect(await refusalOf(create(sdk, functionName, { versionId: '9' }))).toMatchObject(missing);
    const weighted = create(sdk, functionName, { additionalVersionWeight: { '9': 0.5 } });
    expect(await refusalOf(weighted)).toMatchObject(missing);
    // What can be no version's id is no version's either.
    for (const versionId of ['LATEST', 'prod', '01']) {
      const refused = { code: 'VersionNotFound', message: expect.stringContaining(versionId) };
      expect(await refusalOf(create(sdk, functionName, { versionId }))).toMatchObject(refused);
    }
    await create(sdk, functionName, {});
    expect(await refusalOf(update(sdk, functionName, { versionId: '9' }))).toMatchObject(missing);
    expect(await refusalOf(update(sdk, functionName, { additionalVersionWeight: { '1': 1.5 } }))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
      message: expect.stringContaining('additionalVersionWeight'),
    });
  });

  test('whose weights name its main version is refused by the name that Function Compute has for it', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    const refused = {
      code: 'AdditionalVersionContainsMajorVersion',
      status: 400,
      message: expect.stringContaining("additionalVersionWeight may not name the main version (actual: '1')"),
    };
    const own = { additionalVersionWeight: { '1': 0.5 } };
    expect(await refusalOf(create(sdk, functionName, own))).toMatchObject(refused);
    await create(sdk, functionName, {});
    expect(await refusalOf(update(sdk, functionName, own))).toMatchObject(refused);
  });
});

describe('the list of aliases', () => {
  test('is in order of the names, by prefix and page by page', async () => {
    const sdk = bench.sdk();
    const functionName = await createVersioned(sdk);
    for (const aliasName of ['prod', 'beta', 'alpha']) {
      await create(sdk, functionName, { aliasName, description: 'd', additionalVersionWeight: { '2': 0.5 } });
    }
    const list = async (members: Record<string, unknown>) =>
      (await sdk.listAliases(functionName, new ListAliasesRequest(members))).body;
    const names = (page: Awaited<ReturnType<typeof list>>) => page?.aliases?.map(({ aliasName }) => aliasName);
    expect(names(await list({}))).toEqual(['alpha', 'beta', 'prod']);
    expect(names(await list({ prefix: 'p' }))).toEqual(['prod']);
    const first = await list({ limit: 2 });
    expect(names(first)).toEqual(['alpha', 'beta']);
    const rest = await list({ limit: 2, nextToken: first?.nextToken });
    expect([names(rest), rest?.nextToken]).toEqual([['prod'], '']);
  });

  test('refuses a wrong limit', async () => {
    const functionName = await createFunction(bench.sdk());
    const answer = await bench.raw().send({ target: `/2023-03-30/functions/${functionName}/aliases?limit=101` });
    expect(wireError(answer)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});

testCoverage('aliases', bench);
