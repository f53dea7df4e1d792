import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { decodeNames, encodeNames } from './name-cursor.ts';
import { type PageRequest, RecordShelf } from './record-shelf.ts';

const SHELF = new RecordShelf<number, [account: string, name: string]>({
  kind: 'function',
  depth: 2,
  pathOf: (account, name) => [account, name],
});

async function givenNames(names: readonly string[]) {
  const store = createMemoryStore({ now: () => 0 });
  const writes = names.map((name, index) => SHELF.put(index, 'any', '1', name));
  await store.writeRecords([...writes, SHELF.put(-1, 'any', '10', 'other')]);
  return store;
}

async function allPages(
  records: Awaited<ReturnType<typeof givenNames>>,
  request: Omit<PageRequest, 'nextToken'>,
  accepts?: (document: number) => boolean,
) {
  const pages: (readonly number[])[] = [];
  let nextToken = '';
  do {
    const page = await SHELF.list(records, { account: '1' }, { ...request, nextToken }, accepts);
    pages.push(page.items);
    nextToken = page.nextToken;
  } while (nextToken !== '');
  return pages;
}

const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,3}$/), { maxLength: 30 });

describe('a list by name', () => {
  it('shows every document of the account once and in order, whatever the size of its pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('ascending' as const, 'descending' as const),
        async (given, limit, order) => {
          const pages = await allPages(await givenNames(given), { limit, order });
          const inOrder = [...given].sort();
          if (order === 'descending') inOrder.reverse();
          expect(pages.flat()).toEqual(inOrder.map((name) => given.indexOf(name)));
          expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows those with a prefix only', async () => {
    await fc.assert(
      fc.asyncProperty(names, fc.stringMatching(/^[A-Za-z_]?$/), async (given, prefix) => {
        const [page = []] = await allPages(await givenNames(given), { limit: 100, prefix });
        expect(new Set(page)).toEqual(new Set(given.flatMap((name, i) => (name.startsWith(prefix) ? [i] : []))));
      }),
      { numRuns: 60 },
    );
  });

  it('looks at a bounded part for one page of a filter that fits few, and misses none in the end', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    const inner = await givenNames(many);
    let read = 0;
    const records = {
      ...inner,
      listRecords: async (query: Parameters<typeof inner.listRecords>[0]) => {
        const found = await inner.listRecords(query);
        read += found.length;
        return found;
      },
    };
    const first = await SHELF.list(
      records,
      { account: '1' },
      { limit: 2, nextToken: '' },
      (document) => document === 2400,
    );
    expect(first.items).toEqual([]);
    expect(first.nextToken).not.toBe('');
    expect(read).toBeLessThan(1100);
    expect((await allPages(inner, { limit: 2 }, (document) => document === 2400)).flat()).toEqual([2400]);
  });

  it('finds nothing for a prefix that no name can have', async () => {
    expect(await allPages(await givenNames(['f']), { limit: 1, prefix: '\0' })).toEqual([[]]);
  });

  it.each(['x', '!', encodeNames(['f', 'g']), encodeNames(['a\0']), `${encodeNames(['f'])}=`])(
    'refuses the token %j, which no page gave',
    async (nextToken) => {
      const list = SHELF.list(await givenNames(['f']), { account: '1' }, { limit: 1, nextToken });
      await expect(list).rejects.toMatchObject({ code: 'InvalidArgument' });
    },
  );

  it('reads the tokens that it gives', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9_$-]{1,128}$/), { minLength: 1, maxLength: 3 }), (given) => {
        expect(decodeNames(encodeNames(given), given.length)).toEqual(given);
      }),
    );
  });
});
