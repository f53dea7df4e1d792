import { describe, expect, it } from 'vitest';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { deleteAlias } from './delete-alias.ts';
import { deleteVersion } from './delete-version.ts';
import { disableInvocation } from './function-invocation-switch.ts';
import {
  deleteProvisionConfig,
  getProvisionConfig,
  listProvisionConfigs,
  provisionedRunnables,
  putProvisionConfig,
} from './provision-config.ts';
import { publishVersion } from './publish-version.ts';
import { PROVISION_CONFIGS } from './resource-store.ts';

const LATEST = { functionName: 'f', qualifier: '' };
const passive = {};

async function given() {
  const bench = newBench();
  await givenFunction(bench);
  const { versionId } = await publishVersion(bench.context, CALLER, { functionName: 'f', description: '' });
  const alias = { aliasName: 'prod', versionId, description: '', additionalVersionWeight: null };
  await createAlias(bench.context, CALLER, { functionName: 'f', ...alias });
  bench.changes.length = 0;
  return bench;
}

describe('the instances that are kept up', () => {
  it('are as many as was said for each qualifier, and 0 where nothing was', async () => {
    const { changes, context } = await given();
    expect(await getProvisionConfig(context, CALLER, LATEST)).toMatchObject({
      target: 0,
      current: 0,
      qualifier: 'LATEST',
    });
    await putProvisionConfig(context, CALLER, { ...LATEST, target: 2, passive: { alwaysAllocateCPU: true } });
    await putProvisionConfig(context, CALLER, { functionName: 'f', qualifier: 'prod', target: 3, passive });
    expect(changes).toEqual(['provision', 'provision']);
    expect(await getProvisionConfig(context, CALLER, { ...LATEST, qualifier: 'LATEST' })).toMatchObject({
      target: 2,
      passive: { alwaysAllocateCPU: true },
    });
    const accepts = (): boolean => true;
    const page = await listProvisionConfigs(context, CALLER, { limit: 10, nextToken: '', accepts });
    expect(page.items.map(({ qualifier, target }) => [qualifier, target])).toEqual([
      ['LATEST', 2],
      ['prod', 3],
    ]);
    await deleteProvisionConfig(context, CALLER, LATEST);
    await deleteProvisionConfig(context, CALLER, LATEST);
    expect((await getProvisionConfig(context, CALLER, LATEST)).target).toBe(0);
  });

  it('are counted where they are up, and of the version that is meant', async () => {
    const { context, instances } = await given();
    const up = { status: 'Running', createdAtMs: 0, destroyedAtMs: null } as const;
    instances.push({ ...up, instanceId: 'a', versionId: '0' }, { ...up, instanceId: 'b', versionId: '1' });
    instances.push(
      { ...up, instanceId: 'c', versionId: '1' },
      { ...up, instanceId: 'd', versionId: '1', status: 'Terminating' },
      { ...up, instanceId: 'e', versionId: '1', status: 'Starting' },
    );
    const put = (qualifier: string, target: number) =>
      putProvisionConfig(context, CALLER, { functionName: 'f', qualifier, target, passive });
    expect((await put('', 5)).current).toBe(1);
    expect((await put('prod', 5)).current).toBe(2);
    expect((await put('1', 1)).current).toBe(1);
  });

  it('are those of functions that are there and may run', async () => {
    const { changes, context } = await given();
    await givenFunction({ ...(await given()), context }, 'g');
    const wanted = async () =>
      (await provisionedRunnables(context)).map(({ count, runnable }) => [
        runnable.functionName,
        runnable.versionId,
        count,
      ]);
    for (const [qualifier, target] of [
      ['', 2],
      ['prod', 3],
      ['1', 0],
    ] as const) {
      await putProvisionConfig(context, CALLER, { functionName: 'f', qualifier, target, passive });
    }
    await putProvisionConfig(context, CALLER, { functionName: 'g', qualifier: '', target: 1, passive });
    expect(await wanted()).toEqual([
      ['f', '0', 2],
      ['f', '1', 3],
      ['g', '0', 1],
    ]);
    await deleteAlias(context, CALLER, { functionName: 'f', aliasName: 'prod' });
    expect(changes.at(-1)).toBe('provision');
    await disableInvocation(context, CALLER, { functionName: 'g', reason: '', abortOngoingRequest: false });
    expect(await wanted()).toEqual([['f', '0', 2]]);
  });

  it('are forgotten with the alias or version that they were configured for', async () => {
    const { changes, context } = await given();
    const target = { functionName: 'f', target: 1, passive };
    for (const qualifier of ['prod', '1']) await putProvisionConfig(context, CALLER, { ...target, qualifier });
    changes.length = 0;
    const accepts = (): boolean => true;
    const left = async () =>
      (await listProvisionConfigs(context, CALLER, { limit: 10, nextToken: '', accepts })).items.map(
        ({ qualifier }) => qualifier,
      );
    await deleteAlias(context, CALLER, { functionName: 'f', aliasName: 'prod' });
    expect([await left(), changes]).toEqual([['1'], ['provision']]);
    await deleteVersion(context, CALLER, { functionName: 'f', versionId: '1' });
    expect([await left(), changes]).toEqual([[], ['provision', 'f', 'provision']]);
  });

  it('are none of the head where a configuration outlived its alias, as it did before it went with that', async () => {
    const { context, instances, store } = await given();
    instances.push({ instanceId: 'a', versionId: '0', status: 'Running', createdAtMs: 0, destroyedAtMs: null });
    const config = { account: CALLER.account, functionName: 'f', qualifier: 'gone', target: 1, passive };
    await store.writeRecords([PROVISION_CONFIGS.put(config, 'any', config, 'gone')]);
    const page = await listProvisionConfigs(context, CALLER, { limit: 10, nextToken: '', accepts: () => true });
    expect(page.items).toMatchObject([{ qualifier: 'gone', target: 1, current: 0 }]);
  });

  it.each([
    ['of a function that does not exist', CALLER, { functionName: 'none', qualifier: '' }, 'FunctionNotFound'],
    ["of a stranger's", STRANGER, LATEST, 'FunctionNotFound'],
    ['of a version that does not exist', CALLER, { functionName: 'f', qualifier: '7' }, 'VersionNotFound'],
    ['of an alias that does not exist', CALLER, { functionName: 'f', qualifier: 'dev' }, 'AliasNotFound'],
    ['of what can be no qualifier', CALLER, { functionName: 'f', qualifier: '-' }, 'InvalidArgument'],
  ])('%s are refused', async (_, caller, input, code) => {
    const { context } = await given();
    await expect(putProvisionConfig(context, caller, { ...input, target: 1, passive })).rejects.toMatchObject({ code });
    await expect(getProvisionConfig(context, caller, input)).rejects.toMatchObject({ code });
  });
});
