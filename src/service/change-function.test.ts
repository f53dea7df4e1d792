import { describe, expect, it } from 'vitest';
import { RECORD_KINDS, type Store } from '../store/store.ts';
import { putAsyncConfig } from './async-config.ts';
import { changeFunction } from './change-function.ts';
import { CALLER, givenFunction, newBench } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { deleteFunction } from './delete-function.ts';
import { deleteVersion } from './delete-version.ts';
import { publishVersion } from './publish-version.ts';

const key = { account: CALLER.account, functionName: 'f' };

describe('changing a function', () => {
  it('gives up with a reason when somebody else is always faster', async () => {
    const bench = newBench((store) => ({
      writeRecords: async (writes) =>
        writes.some((write) => write.write === 'put' && write.expect !== 'absent')
          ? 'conflict'
          : await store.writeRecords(writes),
    }));
    await givenFunction(bench);
    let asked = 0;
    const change = async () => {
      asked += 1;
      return { result: undefined };
    };
    await expect(changeFunction(bench.context, key, change)).rejects.toMatchObject({ code: 'ConcurrentUpdate' });
    expect(asked).toBeGreaterThan(1);
  });

  it('leaves nothing behind when the function is deleted meanwhile', async () => {
    const bench = newBench();
    await givenFunction(bench);
    const config = { asyncTask: true, maxAsyncRetryAttempts: null, maxAsyncEventAgeInSeconds: null };
    await Promise.allSettled([
      putAsyncConfig(bench.context, CALLER, {
        functionName: 'f',
        qualifier: '',
        ...config,
        onSuccess: null,
        onFailure: null,
      }),
      publishVersion(bench.context, CALLER, { functionName: 'f', description: '' }),
      deleteFunction(bench.context, CALLER, { functionName: 'f' }),
      publishVersion(bench.context, CALLER, { functionName: 'f', description: '' }),
    ]);
    for (const kind of RECORD_KINDS) {
      expect(await bench.store.listRecords({ kind, under: [], limit: 10 }), kind).toEqual([]);
    }
  });

  it('points no alias at a version that is deleted meanwhile', async () => {
    const bench = newBench();
    await givenFunction(bench);
    const { versionId } = await publishVersion(bench.context, CALLER, { functionName: 'f', description: '' });
    // Deletes the version between the check and the write of the alias.
    let raced = false;
    const writeRecords: Store['writeRecords'] = async (writes) => {
      if (!raced) {
        raced = true;
        await deleteVersion(bench.context, CALLER, { functionName: 'f', versionId });
      }
      return await bench.store.writeRecords(writes);
    };
    const context = { ...bench.context, store: { ...bench.store, writeRecords } };
    const input = { functionName: 'f', aliasName: 'prod', versionId, description: '', additionalVersionWeight: null };
    await expect(createAlias(context, CALLER, input)).rejects.toMatchObject({ code: 'VersionNotFound' });
  });
});
