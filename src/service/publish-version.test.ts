import { describe, expect, it } from 'vitest';
import { putAsyncConfig } from './async-config.ts';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { deleteVersion } from './delete-version.ts';
import { getFunction } from './get-function.ts';
import { listVersions } from './list-versions.ts';
import { publishVersion } from './publish-version.ts';
import { updateFunction } from './update-function.ts';

const f = { functionName: 'f' };

async function givenVersions(count: number) {
  const bench = newBench();
  await givenFunction(bench);
  for (let made = 0; made < count; made += 1) {
    await publishVersion(bench.context, CALLER, { ...f, description: `number ${made + 1}` });
  }
  return bench;
}

describe('publishing', () => {
  it('freezes the settings of the head', async () => {
    const { context } = await givenVersions(1);
    await updateFunction(context, CALLER, { ...f, settings: { timeoutSeconds: 60 } });
    await publishVersion(context, CALLER, { ...f, description: '' });
    const timeouts = ['1', '2'].map(async (qualifier) => await getFunction(context, CALLER, { ...f, qualifier }));
    expect((await Promise.all(timeouts)).map(({ settings }) => settings.timeoutSeconds)).toEqual([3, 60]);
  });

  it('does not retire the instances of the head', async () => {
    const { context, changes } = await givenVersions(1);
    expect((await getFunction(context, CALLER, { ...f, qualifier: '' })).record.revision).toBe(1);
    expect(changes).toEqual([]);
  });

  it('gives every version an id of its own, at the same time and after a delete', async () => {
    const { context } = await givenVersions(1);
    const publish = async () => (await publishVersion(context, CALLER, { ...f, description: '' })).versionId;
    expect((await Promise.all([publish(), publish()])).sort()).toEqual(['2', '3']);
    await deleteVersion(context, CALLER, { ...f, versionId: '3' });
    expect(await publish()).toBe('4');
  });
});

describe('listing versions', () => {
  it.each([
    ['ascending' as const, ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']],
    ['descending' as const, ['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']],
  ])('orders them by number, %s', async (order, expected) => {
    const { context } = await givenVersions(11);
    const first = await listVersions(context, CALLER, { ...f, order, limit: 8, nextToken: '' });
    const last = await listVersions(context, CALLER, { ...f, order, limit: 8, nextToken: first.nextToken });
    expect([...first.items, ...last.items].map(({ versionId }) => versionId)).toEqual(expected);
    expect(last.nextToken).toBe('');
  });

  it("does not find a stranger's function", async () => {
    const { context } = await givenVersions(1);
    const list = listVersions(context, STRANGER, { ...f, order: 'ascending', limit: 8, nextToken: '' });
    await expect(list).rejects.toMatchObject({ code: 'FunctionNotFound' });
  });
});

describe('deleting a version', () => {
  it('takes its asynchronous configuration along and retires its instances', async () => {
    const { context, store, changes } = await givenVersions(2);
    const config = { asyncTask: true, maxAsyncRetryAttempts: 1, maxAsyncEventAgeInSeconds: null };
    await putAsyncConfig(context, CALLER, { ...f, qualifier: '1', ...config, onSuccess: null, onFailure: null });
    await deleteVersion(context, CALLER, { ...f, versionId: '1' });
    expect(await store.listRecords({ kind: 'async-config', under: [], limit: 1 })).toEqual([]);
    expect(changes).toEqual(['f', 'provision']);
    const page = await listVersions(context, CALLER, { ...f, order: 'ascending', limit: 8, nextToken: '' });
    expect(page.items.map(({ versionId }) => versionId)).toEqual(['2']);
  });

  it.each([
    ['its own version', '1', null],
    ['a weight', '2', { '1': 0.5 }],
  ])('is refused while an alias names it as %s', async (_, versionId, additionalVersionWeight) => {
    const { context } = await givenVersions(2);
    const alias = { aliasName: 'prod', versionId, description: '', additionalVersionWeight };
    await createAlias(context, CALLER, { ...f, ...alias });
    await expect(deleteVersion(context, CALLER, { ...f, versionId: '1' })).rejects.toMatchObject({
      code: 'VersionInUse',
      message: expect.stringContaining("alias 'prod'"),
    });
  });

  it.each(['3', '0', 'LATEST', 'prod'])('does not find %s', async (versionId) => {
    const { context } = await givenVersions(2);
    await expect(deleteVersion(context, CALLER, { ...f, versionId })).rejects.toMatchObject({
      code: 'VersionNotFound',
    });
  });
});
