import { describe, expect, it } from 'vitest';
import {
  deleteAsyncConfig,
  getAsyncConfig,
  listAsyncConfigs,
  putAsyncConfig,
  type PutAsyncConfigInput,
} from './async-config.ts';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { publishVersion } from './publish-version.ts';

const input = (more: Partial<PutAsyncConfigInput> = {}): PutAsyncConfigInput => ({
  functionName: 'f',
  qualifier: '',
  asyncTask: true,
  maxAsyncRetryAttempts: null,
  maxAsyncEventAgeInSeconds: null,
  onSuccess: null,
  onFailure: null,
  ...more,
});
const key = { account: CALLER.account, functionName: 'f' };

async function givenAlias() {
  const bench = newBench();
  await givenFunction(bench);
  await publishVersion(bench.context, CALLER, { functionName: 'f', description: '' });
  const alias = { aliasName: 'prod', versionId: '1', description: '', additionalVersionWeight: null };
  await createAlias(bench.context, CALLER, { functionName: 'f', ...alias });
  return bench;
}

describe('the asynchronous configuration', () => {
  it.each([
    ['', 'LATEST'],
    ['LATEST', 'LATEST'],
    ['1', '1'],
    ['prod', 'prod'],
  ])('for %j lies under exactly %s', async (qualifier, stored) => {
    const { context } = await givenAlias();
    await putAsyncConfig(context, CALLER, input({ qualifier, maxAsyncRetryAttempts: 0 }));
    for (const other of ['LATEST', '1', 'prod']) {
      const found = getAsyncConfig(context, CALLER, { functionName: 'f', qualifier: other });
      if (other === stored) expect(await found).toMatchObject({ qualifier: stored, maxAsyncRetryAttempts: 0 });
      else await expect(found).rejects.toMatchObject({ code: 'AsyncConfigNotFound' });
    }
  });

  it('is replaced as a whole and keeps the time of its creation', async () => {
    const { context, time } = await givenAlias();
    const first = await putAsyncConfig(context, CALLER, input({ maxAsyncRetryAttempts: 1, onSuccess: 'acs:fc:::x' }));
    time.nowMs += 1000;
    const second = await putAsyncConfig(context, CALLER, input({ asyncTask: false, maxAsyncEventAgeInSeconds: 60 }));
    expect(second).toEqual({
      functionName: 'f',
      qualifier: 'LATEST',
      asyncTask: false,
      maxAsyncRetryAttempts: null,
      maxAsyncEventAgeInSeconds: 60,
      onSuccess: null,
      onFailure: null,
      createdAtMs: first.createdAtMs,
      modifiedAtMs: time.nowMs,
    });
  });

  it('is seen at once by invocations, put and deleted', async () => {
    const { context } = await givenAlias();
    expect(await context.functions.asyncConfig(key, 'LATEST')).toBeUndefined();
    await putAsyncConfig(context, CALLER, input());
    expect(await context.functions.asyncConfig(key, 'LATEST')).toMatchObject({ asyncTask: true });
    await deleteAsyncConfig(context, CALLER, { functionName: 'f', qualifier: '' });
    expect(await context.functions.asyncConfig(key, 'LATEST')).toBeUndefined();
  });

  it.each(['', '1', 'test', 'a.b'])('is deleted without complaint where there is none: %j', async (qualifier) => {
    const { context } = await givenAlias();
    await expect(deleteAsyncConfig(context, CALLER, { functionName: 'f', qualifier })).resolves.toBeUndefined();
  });

  it.each([
    ['2', 'VersionNotFound'],
    ['test', 'AliasNotFound'],
    ['a.b', 'InvalidArgument'],
  ])('cannot be put for %s: %s', async (qualifier, code) => {
    const { context } = await givenAlias();
    await expect(putAsyncConfig(context, CALLER, input({ qualifier }))).rejects.toMatchObject({ code });
  });

  it.each([
    ['not an ARN', { onSuccess: 'queue' }, /^destinationConfig\.onSuccess\.destination must be an ARN .* acs:fc:… or/],
    [
      'a kind that is not built',
      { onFailure: 'acs:mq:::/a' },
      /^destinationConfig\.onFailure.* \(actual: 'acs:mq:::\/a'/,
    ],
    ['a bad name of its kind', { onFailure: 'acs:fc:::bad' }, /^destinationConfig\.onFailure\.destination must name /],
  ])('refuses %s as a destination', async (_, more, message) => {
    const { context } = await givenAlias();
    await expect(putAsyncConfig(context, CALLER, input(more))).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(message),
    });
  });

  it('is listed for one function or for all of the account, page by page', async () => {
    const bench = await givenAlias();
    await givenFunction(bench, 'g');
    const { context } = bench;
    await putAsyncConfig(context, CALLER, input({ qualifier: 'prod' }));
    await putAsyncConfig(context, CALLER, input({ qualifier: '1' }));
    await putAsyncConfig(context, CALLER, input({ functionName: 'g' }));
    const list = async (more: object, caller = CALLER) => {
      const page = await listAsyncConfigs(context, caller, { limit: 2, nextToken: '', ...more });
      return { names: page.items.map((config) => `${config.functionName}:${config.qualifier}`), token: page.nextToken };
    };
    const first = await list({});
    expect(first.names).toEqual(['f:1', 'f:prod']);
    expect(await list({ nextToken: first.token })).toEqual({ names: ['g:LATEST'], token: '' });
    expect(await list({ functionName: 'f' })).toEqual({ names: ['f:1', 'f:prod'], token: '' });
    const ofOne = await list({ functionName: 'f', limit: 1 });
    expect(await list({ functionName: 'f', nextToken: ofOne.token })).toEqual({ names: ['f:prod'], token: '' });
    // A token of the other list.
    await expect(list({ functionName: 'g', nextToken: first.token })).rejects.toMatchObject({
      code: 'InvalidArgument',
    });
    expect(await list({}, STRANGER)).toEqual({ names: [], token: '' });
    expect((await list({ functionName: 'nobody' })).names).toEqual([]);
  });

  it.each([putAsyncConfig, getAsyncConfig, deleteAsyncConfig])(
    'of a stranger is not found by %o',
    async (operation) => {
      const { context } = await givenAlias();
      await putAsyncConfig(context, CALLER, input());
      await expect(operation(context, STRANGER, input())).rejects.toMatchObject({ code: 'FunctionNotFound' });
    },
  );
});
