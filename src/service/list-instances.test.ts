import { describe, expect, it } from 'vitest';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { listInstances, type ListInstancesInput } from './list-instances.ts';
import { publishVersion } from './publish-version.ts';

const everything: ListInstancesInput = {
  functionName: 'f',
  qualifier: '',
  instanceIds: [],
  statuses: [],
  withAllActive: false,
  startKey: '',
  limit: 100,
};

async function givenInstances() {
  const bench = newBench();
  await givenFunction(bench);
  for (let made = 0; made < 2; made += 1) {
    await publishVersion(bench.context, CALLER, { functionName: 'f', description: '' });
  }
  const alias = { aliasName: 'prod', versionId: '1', description: '', additionalVersionWeight: { '2': 0.1 } };
  await createAlias(bench.context, CALLER, { functionName: 'f', ...alias });
  bench.instances.push(
    { instanceId: 'd', versionId: '0', status: 'Starting', createdAtMs: 400, destroyedAtMs: null },
    { instanceId: 'a', versionId: '0', status: 'Destroyed', createdAtMs: 100, destroyedAtMs: 200 },
    { instanceId: 'b', versionId: '1', status: 'Terminating', createdAtMs: 200, destroyedAtMs: null },
    { instanceId: 'c', versionId: '2', status: 'Running', createdAtMs: 300, destroyedAtMs: null },
  );
  return bench.context;
}

const cases: [Partial<ListInstancesInput>, string][] = [
  [{}, 'abcd'],
  [{ qualifier: 'LATEST' }, 'ad'],
  [{ qualifier: '2' }, 'c'],
  [{ qualifier: 'prod' }, 'bc'],
  [{ instanceIds: ['c', 'a', 'z'] }, 'ac'],
  [{ statuses: ['Running', 'Destroyed'] }, 'acd'],
  [{ fromMs: 201 }, 'bcd'],
  [{ fromMs: 200, toMs: 299 }, 'ab'],
  [{ toMs: 150 }, 'a'],
  [{ toMs: 150, withAllActive: true }, 'abcd'],
  [{ fromMs: 250, withAllActive: true, statuses: ['Destroyed'] }, ''],
  [{ startKey: 'b', limit: 2 }, 'bc'],
];

describe('listing instances', () => {
  it.each(cases)('finds those that fit %j', async (more, expected) => {
    const context = await givenInstances();
    const found = await listInstances(context, CALLER, { ...everything, ...more });
    expect(found.map(({ instanceId }) => instanceId).join('')).toBe(expected);
  });

  it.each([
    [CALLER, 'g', '', 'FunctionNotFound'],
    [STRANGER, 'f', '', 'FunctionNotFound'],
    [CALLER, 'f', '3', 'VersionNotFound'],
    [CALLER, 'f', 'test', 'AliasNotFound'],
    [CALLER, 'f', 'a.b', 'InvalidArgument'],
  ])('refuses %j asking for %s and %j with %s', async (caller, functionName, qualifier, code) => {
    const context = await givenInstances();
    const list = listInstances(context, caller, { ...everything, functionName, qualifier });
    await expect(list).rejects.toMatchObject({ code });
  });
});
