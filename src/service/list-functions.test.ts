import { describe, expect, it } from 'vitest';
import { CALLER, newBench, newFunctionInput, STRANGER } from './context.fixture.ts';
import { createFunction } from './create-function.ts';
import { createService } from './create-service.ts';
import { type FunctionFilter, listFunctions } from './list-functions.ts';

const node = { runtime: 'nodejs20', handler: 'index.handler' };

async function givenFunctions() {
  const { context } = newBench();
  const inputs = [
    newFunctionInput('a', { tags: [{ key: 'team', value: 'red' }] }),
    newFunctionInput('b', {
      settings: { ...node, runtime: 'custom', description: 'makes thumbnails' },
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'tier', value: '1' },
      ],
    }),
    newFunctionInput('s$a'),
    newFunctionInput('z', {
      settings: { ...node, passive: { gpuConfig: { gpuType: 'fc.gpu.tesla.1' }, resourceGroupId: 'rg-1' } },
    }),
  ];
  await createService(context, CALLER, { serviceName: 's', settings: { description: '', passive: {} } });
  for (const input of inputs) await createFunction(context, CALLER, input);
  await createFunction(context, STRANGER, newFunctionInput('b2'));
  return context;
}

const filters: [FunctionFilter, string[]][] = [
  [{}, ['a', 'b', 's$a', 'z']],
  [{ generation: 'v2' }, ['s$a']],
  [{ generation: 'v3' }, ['a', 'b', 'z']],
  [{ runtime: 'custom' }, ['b']],
  [{ description: 'thumb' }, ['b']],
  [{ functionName: 'a' }, ['a']],
  [{ gpuType: 'fc.gpu.tesla.1' }, ['z']],
  [{ resourceGroupId: 'rg-1' }, ['z']],
  [{ tags: [{ key: 'team', value: 'red' }] }, ['a']],
  [
    {
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'tier', value: '1' },
      ],
    },
    ['b'],
  ],
  [{ tags: [{ key: 'team', value: 'green' }] }, []],
];

describe('listing functions', () => {
  it.each(filters)("finds the account's own that fit %j", async (filter, expected) => {
    const context = await givenFunctions();
    const page = await listFunctions(context, CALLER, { limit: 20, nextToken: '', filter });
    expect(page.items.map(({ functionName }) => functionName)).toEqual(expected);
    expect(page.nextToken).toBe('');
  });

  it('continues where the page before ended', async () => {
    const context = await givenFunctions();
    const first = await listFunctions(context, CALLER, { limit: 3, nextToken: '', filter: {} });
    const last = await listFunctions(context, CALLER, { limit: 3, nextToken: first.nextToken, filter: {} });
    expect(last.items.map(({ functionName }) => functionName)).toEqual(['z']);
  });
});
