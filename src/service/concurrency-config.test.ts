import { describe, expect, it } from 'vitest';
import {
  deleteConcurrencyConfig,
  getConcurrencyConfig,
  listConcurrencyConfigs,
  putConcurrencyConfig,
} from './concurrency-config.ts';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';

const f = { functionName: 'f' };
const key = { account: CALLER.account, ...f };

describe('the concurrency configuration', () => {
  it('bounds the function at once, and no longer once it is deleted', async () => {
    const bench = newBench();
    await givenFunction(bench);
    const { context } = bench;
    expect(await context.functions.policy(key)).toMatchObject({ concurrencyMax: null });
    const config = await putConcurrencyConfig(context, CALLER, { ...f, reservedConcurrency: 0 });
    expect(await getConcurrencyConfig(context, CALLER, f)).toEqual(config);
    expect(await context.functions.policy(key)).toMatchObject({ concurrencyMax: 0 });
    await deleteConcurrencyConfig(context, CALLER, f);
    expect(await context.functions.policy(key)).toMatchObject({ concurrencyMax: null });
    expect(bench.changes).toEqual(['f', 'f']);
    await expect(getConcurrencyConfig(context, CALLER, f)).rejects.toMatchObject({ code: 'ConcurrencyConfigNotFound' });
  });

  it('is deleted again without complaint', async () => {
    const bench = newBench();
    await givenFunction(bench);
    await expect(deleteConcurrencyConfig(bench.context, CALLER, f)).resolves.toBeUndefined();
  });

  it('is listed for one function or for all of the account', async () => {
    const bench = newBench();
    for (const functionName of ['f', 'g', 'h']) {
      await givenFunction(bench, functionName);
      if (functionName === 'g') continue;
      await putConcurrencyConfig(bench.context, CALLER, { functionName, reservedConcurrency: 5 });
    }
    const list = async (more: object, caller = CALLER) => {
      const page = await listConcurrencyConfigs(bench.context, caller, { limit: 1, nextToken: '', ...more });
      return { names: page.items.map(({ functionName }) => functionName), nextToken: page.nextToken };
    };
    const first = await list({});
    expect(first.names).toEqual(['f']);
    expect(await list({ nextToken: first.nextToken })).toEqual({ names: ['h'], nextToken: '' });
    expect((await list({ functionName: 'h' })).names).toEqual(['h']);
    expect((await list({ functionName: 'g' })).names).toEqual([]);
    expect((await list({}, STRANGER)).names).toEqual([]);
    expect((await list({ functionName: 'f' }, STRANGER)).names).toEqual([]);
  });

  it.each([putConcurrencyConfig, getConcurrencyConfig, deleteConcurrencyConfig])(
    'of a stranger is not found by %o',
    async (operation) => {
      const bench = newBench();
      await givenFunction(bench);
      const attempt = operation(bench.context, STRANGER, { ...f, reservedConcurrency: 1 });
      await expect(attempt).rejects.toMatchObject({ code: 'FunctionNotFound' });
    },
  );
});
