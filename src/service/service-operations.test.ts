import { describe, expect, it } from 'vitest';
import type { RecordWrite, Store } from '../store/store.ts';
import { putAsyncConfig } from './async-config.ts';
import { type Bench, CALLER, newBench, newFunctionInput, STRANGER } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { createFunction } from './create-function.ts';
import { createService } from './create-service.ts';
import { createServiceAlias } from './create-service-alias.ts';
import { deleteFunction } from './delete-function.ts';
import { deleteService } from './delete-service.ts';
import { deleteServiceAlias } from './delete-service-alias.ts';
import { deleteServiceVersion } from './delete-service-version.ts';
import { getService } from './get-service.ts';
import { getFunction } from './get-function.ts';
import { putProvisionConfig } from './provision-config.ts';
import { publishServiceVersion } from './publish-service-version.ts';
import { updateFunction } from './update-function.ts';

const SETTINGS = { description: '', passive: {} };
const PUBLISH = { serviceName: 's', description: '', ifMatch: '' };
const ALIAS = { serviceName: 's', aliasName: 'prod', versionId: '1', description: '', additionalVersionWeight: null };

/** A service `s` with the functions `a` and `b`, beside one whose name begins the same. */
async function givenService(bench: Bench): Promise<void> {
  for (const serviceName of ['s', 's-2']) {
    await createService(bench.context, CALLER, { serviceName, settings: SETTINGS });
  }
  for (const name of ['s$a', 's$b', 's-2$a']) await createFunction(bench.context, CALLER, newFunctionInput(name));
}

/** A store in which something happens once, right before the write that holds a record of this kind. */
function interrupted(kind: string, what: (store: Store) => Promise<unknown>): Bench {
  let armed = true;
  const bench: Bench = newBench((store) => ({
    writeRecords: async (writes: readonly RecordWrite[]) => {
      if (armed && writes.some((write) => write.kind === kind && write.write === 'put')) {
        armed = false;
        await what(store);
      }
      return await store.writeRecords(writes);
    },
  }));
  return bench;
}

describe('a version of a service', () => {
  it('holds all its functions, and none of another service', async () => {
    const bench = newBench();
    await givenService(bench);
    await publishServiceVersion(bench.context, CALLER, PUBLISH);
    const path = [CALLER.account];
    const versions = await bench.store.listRecords({ kind: 'function-version', under: path, limit: 10 });
    expect(versions.map(({ path: [, name, id] }) => `${name} ${id}`)).toEqual(['s$a 0000000001', 's$b 0000000001']);
  });

  it('is what was read: a function that is changed meanwhile is read again', async () => {
    let change: () => Promise<unknown> = async () => undefined;
    const bench = interrupted('service-version', async () => await change());
    await givenService(bench);
    change = async () =>
      await updateFunction(bench.context, CALLER, { functionName: 's$a', settings: { description: 'newer' } });
    await publishServiceVersion(bench.context, CALLER, PUBLISH);
    const found = await getFunction(bench.context, CALLER, { functionName: 's$a', qualifier: '1' });
    expect(found.settings.description).toBe('newer');
  });

  it('is resolved by invocations through an alias, which every function of the service follows at once', async () => {
    const bench = newBench();
    const { context } = bench;
    await givenService(bench);
    await publishServiceVersion(context, CALLER, PUBLISH);
    await publishServiceVersion(context, CALLER, PUBLISH);
    await createServiceAlias(context, CALLER, ALIAS);
    const key = { account: CALLER.account, functionName: 's$a' };
    expect((await context.functions.resolve(key, 'prod')).versionId).toBe('1');
    await deleteServiceAlias(context, CALLER, { ...ALIAS, ifMatch: '' });
    await expect(context.functions.resolve(key, 'prod')).rejects.toMatchObject({ code: 'AliasNotFound' });
    await createServiceAlias(context, CALLER, { ...ALIAS, versionId: '2' });
    expect((await context.functions.resolve(key, 'prod')).versionId).toBe('2');
  });

  it('leaves nothing behind', async () => {
    const bench = newBench();
    const { context, store } = bench;
    await givenService(bench);
    await publishServiceVersion(context, CALLER, PUBLISH);
    await createServiceAlias(context, CALLER, ALIAS);
    const config = { asyncTask: true, maxAsyncRetryAttempts: null, maxAsyncEventAgeInSeconds: null };
    for (const qualifier of ['1', 'prod']) {
      const input = { functionName: 's$a', qualifier, ...config, onSuccess: null, onFailure: null };
      await putAsyncConfig(context, CALLER, input);
      await putProvisionConfig(context, CALLER, { functionName: 's$b', qualifier, target: 1, passive: {} });
    }
    bench.changes.length = 0;
    await deleteServiceAlias(context, CALLER, { ...ALIAS, ifMatch: '' });
    expect(bench.changes).toEqual(['provision']);
    await deleteServiceVersion(context, CALLER, { serviceName: 's', versionId: '1' });
    expect(bench.changes.at(-1)).toBe('provision');
    const configs = ['async-config', 'provision-config'] as const;
    for (const kind of ['service-version', 'service-alias', 'function-version', ...configs] as const) {
      expect([kind, await store.listRecords({ kind, under: [CALLER.account], limit: 10 })]).toEqual([kind, []]);
    }
    for (const functionName of ['s$a', 's$b']) await deleteFunction(context, CALLER, { functionName });
    await deleteService(context, CALLER, { serviceName: 's', ifMatch: '' });
  });
});

describe('a service', () => {
  it('is not deleted when a function is put into it meanwhile', async () => {
    let create: () => Promise<unknown> = async () => undefined;
    const bench: Bench = newBench((store) => ({
      writeRecords: async (writes: readonly RecordWrite[]) => {
        const deletes = writes.some((write) => write.kind === 'service' && write.write === 'delete');
        if (deletes) await create();
        return await store.writeRecords(writes);
      },
    }));
    const { context } = bench;
    await createService(context, CALLER, { serviceName: 's', settings: SETTINGS });
    create = async () => {
      create = async () => undefined;
      await createFunction(context, CALLER, newFunctionInput('s$late'));
    };
    await expect(deleteService(context, CALLER, { serviceName: 's', ifMatch: '' })).rejects.toMatchObject({
      code: 'ServiceNotEmpty',
      message: "service 's' still has functions; delete them first",
    });
  });

  it("is nobody else's", async () => {
    const bench = newBench();
    await givenService(bench);
    const read = getService(bench.context, STRANGER, { serviceName: 's', qualifier: '' });
    await expect(read).rejects.toMatchObject({ code: 'ServiceNotFound', message: "service 's' does not exist" });
  });

  it('owns the versions and aliases of its functions, so that 3.0 changes none', async () => {
    const bench = newBench();
    await givenService(bench);
    const alias = { aliasName: 'x', versionId: '1', description: '', additionalVersionWeight: null };
    await expect(createAlias(bench.context, CALLER, { functionName: 's$a', ...alias })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining("those of its service 's': use CreateAlias"),
    });
  });
});
