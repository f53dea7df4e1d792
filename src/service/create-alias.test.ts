import { describe, expect, it } from 'vitest';
import { getAsyncConfig, putAsyncConfig } from './async-config.ts';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';
import { createAlias, type CreateAliasInput } from './create-alias.ts';
import { deleteAlias } from './delete-alias.ts';
import { getAlias } from './get-alias.ts';
import { listAliases } from './list-aliases.ts';
import { publishVersion } from './publish-version.ts';
import { updateAlias } from './update-alias.ts';

const input = (more: Partial<CreateAliasInput> = {}): CreateAliasInput => ({
  functionName: 'f',
  aliasName: 'prod',
  versionId: '1',
  description: '',
  additionalVersionWeight: null,
  ...more,
});
const prod = { functionName: 'f', aliasName: 'prod' };

async function givenThreeVersions() {
  const bench = newBench();
  await givenFunction(bench);
  for (let made = 0; made < 3; made += 1) {
    await publishVersion(bench.context, CALLER, { functionName: 'f', description: '' });
  }
  return bench;
}

const refusals: [string, Partial<CreateAliasInput>, string, RegExp][] = [
  ['a name that is a number', { aliasName: '1' }, 'InvalidArgument', /^aliasName must be .* \(actual: '1'\)$/],
  ['the name LATEST', { aliasName: 'LATEST' }, 'InvalidArgument', /and not LATEST/],
  ['a version that is not there', { versionId: '9' }, 'VersionNotFound', /'9'/],
  ['a weight of a version that is not there', { additionalVersionWeight: { '9': 0.1 } }, 'VersionNotFound', /'9'/],
  ['a weight of no version', { additionalVersionWeight: { LATEST: 0.1 } }, 'VersionNotFound', /'LATEST'/],
  [
    'a weight of the main version',
    { additionalVersionWeight: { '1': 0.1 } },
    'AdditionalVersionContainsMajorVersion',
    /main version/,
  ],
  [
    'weights of more than all',
    { additionalVersionWeight: { '2': 0.6, '3': 0.5 } },
    'InvalidArgument',
    /at most 1 \(actual: 1\.1\)$/,
  ],
  ['a function that is not there', { functionName: 'g' }, 'FunctionNotFound', /'g'/],
];

describe('creating an alias', () => {
  it('stores it, weights that sum up to exactly 1 included', async () => {
    const { context, time } = await givenThreeVersions();
    const made = await createAlias(context, CALLER, input({ additionalVersionWeight: { '2': 0.7, '3': 0.3 } }));
    expect(made).toMatchObject({ createdAtMs: time.nowMs, additionalVersionWeight: { '2': 0.7, '3': 0.3 } });
    expect(await getAlias(context, CALLER, prod)).toEqual(made);
  });

  it.each(refusals)('refuses %s', async (_, more, code, message) => {
    const { context } = await givenThreeVersions();
    await expect(createAlias(context, CALLER, input(more))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('refuses a name that is taken, also by one made at the same time', async () => {
    const { context } = await givenThreeVersions();
    const both = await Promise.allSettled([
      createAlias(context, CALLER, input()),
      createAlias(context, CALLER, input({ versionId: '2' })),
    ]);
    const refused = both.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'AliasAlreadyExists' });
  });
});

describe('changing an alias', () => {
  it('keeps what is not given, and is seen at once by invocations', async () => {
    const { context, time } = await givenThreeVersions();
    const made = await createAlias(context, CALLER, input({ description: 'd', additionalVersionWeight: { '3': 0.2 } }));
    const key = { account: CALLER.account, functionName: 'f' };
    expect((await context.functions.resolve(key, 'prod')).versionId).toBe('1');
    time.nowMs += 5;
    const after = await updateAlias(context, CALLER, { ...prod, versionId: '2' });
    expect(after).toEqual({ ...made, versionId: '2', modifiedAtMs: time.nowMs });
    expect((await context.functions.resolve(key, 'prod')).versionId).toBe('2');
  });

  it('takes empty weights for none', async () => {
    const { context } = await givenThreeVersions();
    await createAlias(context, CALLER, input({ additionalVersionWeight: { '3': 0.2 } }));
    const after = await updateAlias(context, CALLER, { ...prod, additionalVersionWeight: {} });
    expect(after.additionalVersionWeight).toBeNull();
  });

  it('refuses a main version that has a weight', async () => {
    const { context } = await givenThreeVersions();
    await createAlias(context, CALLER, input({ additionalVersionWeight: { '3': 0.2 } }));
    await expect(updateAlias(context, CALLER, { ...prod, versionId: '3' })).rejects.toMatchObject({
      code: 'AdditionalVersionContainsMajorVersion',
    });
  });
});

describe('an alias', () => {
  it('takes its asynchronous configuration along when it is deleted', async () => {
    const { context } = await givenThreeVersions();
    await createAlias(context, CALLER, input());
    const config = { asyncTask: true, maxAsyncRetryAttempts: 1, maxAsyncEventAgeInSeconds: null };
    const place = { functionName: 'f', qualifier: 'prod' };
    await putAsyncConfig(context, CALLER, { ...place, ...config, onSuccess: null, onFailure: null });
    await deleteAlias(context, CALLER, prod);
    await expect(getAlias(context, CALLER, prod)).rejects.toMatchObject({ code: 'AliasNotFound' });
    await expect(getAsyncConfig(context, CALLER, place)).rejects.toMatchObject({ code: 'AsyncConfigNotFound' });
  });

  it('is listed by name and prefix', async () => {
    const { context } = await givenThreeVersions();
    for (const aliasName of ['prod', 'beta', 'pre']) await createAlias(context, CALLER, input({ aliasName }));
    const page = await listAliases(context, CALLER, { functionName: 'f', limit: 20, nextToken: '', prefix: 'pr' });
    expect(page.items.map(({ aliasName }) => aliasName)).toEqual(['pre', 'prod']);
  });

  it.each([
    ['reading', async (context: Parameters<typeof getAlias>[0]) => await getAlias(context, STRANGER, prod)],
    ['changing', async (context: Parameters<typeof getAlias>[0]) => await updateAlias(context, STRANGER, prod)],
    ['deleting', async (context: Parameters<typeof getAlias>[0]) => await deleteAlias(context, STRANGER, prod)],
  ])('of a stranger is not found by %s', async (_, attempt) => {
    const { context } = await givenThreeVersions();
    await createAlias(context, CALLER, input());
    await expect(attempt(context)).rejects.toMatchObject({ code: 'FunctionNotFound' });
  });

  it('that does not exist is not found', async () => {
    const { context } = await givenThreeVersions();
    for (const attempt of [getAlias, updateAlias, deleteAlias]) {
      await expect(attempt(context, CALLER, prod)).rejects.toMatchObject({ code: 'AliasNotFound' });
    }
  });
});
