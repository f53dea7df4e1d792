import { describe, expect, it } from 'vitest';
import type { RecordQuery, Store } from '../store.ts';
import { type OpenSubject, withStore } from './workbench.ts';

const put = (path: string[], document: unknown = {}, expected: number | 'absent' | 'any' = 'any') =>
  ({ write: 'put', kind: 'function', path, document, expect: expected }) as const;

export function recordConformance(open: OpenSubject): void {
  const namesOf = async (store: Store, query: Partial<RecordQuery>): Promise<string[]> =>
    (await store.listRecords({ kind: 'function', under: [], limit: 100, ...query })).map(({ path }) => path.join('/'));

  describe('records', () => {
    it('gives back a document as it was put, by kind and path', () =>
      withStore(open, async (bench) => {
        const document = { text: 'é "\ud83d\ude00"', list: [1, null, { a: true }] };
        await bench.store.writeRecords([put(['1', 'f'], document)]);
        expect(await bench.store.getRecord('function', ['1', 'f'])).toMatchObject({ path: ['1', 'f'], document });
        expect(await bench.store.getRecord('alias', ['1', 'f'])).toBeUndefined();
        expect(await bench.store.getRecord('function', ['1'])).toBeUndefined();
        expect(await bench.store.getRecord('function', ['1', 'f', 'g'])).toBeUndefined();
      })());

    it('compares what is expected, and grows the revision with every write, over a delete too', () =>
      withStore(open, async (bench) => {
        const write = (expected: number | 'absent' | 'any') =>
          bench.store.writeRecords([put(['1', 'f'], {}, expected)]);
        const revision = async () => (await bench.store.getRecord('function', ['1', 'f']))?.revision ?? -1;
        expect(await write(1)).toBe('conflict');
        expect(await write('absent')).toBe('written');
        expect(await write('absent')).toBe('conflict');
        const first = await revision();
        expect(await write(first)).toBe('written');
        expect(await write(first)).toBe('conflict');
        const second = await revision();
        expect(second).toBeGreaterThan(first);
        const drop = (expected: number | 'any') =>
          bench.store.writeRecords([{ write: 'delete', kind: 'function', path: ['1', 'f'], expect: expected }]);
        expect(await drop(first)).toBe('conflict');
        expect(await drop(second)).toBe('written');
        expect(await drop(second)).toBe('conflict');
        expect(await drop('any')).toBe('written');
        await write('absent');
        expect(await revision()).toBeGreaterThan(second);
      })());

    it('writes all or none, each write seeing the ones before it', () =>
      withStore(open, async (bench) => {
        await bench.store.writeRecords([put(['1', 'kept'], { v: 1 })]);
        const conflict = [put(['1', 'kept'], { v: 2 }), put(['1', 'new']), put(['1', 'new'], {}, 'absent')];
        expect(await bench.store.writeRecords(conflict)).toBe('conflict');
        expect(await namesOf(bench.store, {})).toEqual(['1/kept']);
        expect(await bench.store.getRecord('function', ['1', 'kept'])).toMatchObject({ document: { v: 1 } });
        const replaced = [
          { write: 'delete', kind: 'function', path: ['1', 'kept'], expect: 'any' } as const,
          put(['1', 'kept'], { v: 3 }, 'absent'),
        ];
        expect(await bench.store.writeRecords(replaced)).toBe('written');
      })());

    it('lists below a path in the order of names, in pages, both ways', () =>
      withStore(open, async (bench) => {
        const names = ['a', 'a-b', 'a_', 'ab', 'b', 'B', 'c$d'];
        await bench.store.writeRecords([...names.map((name) => put(['1', name])), put(['10', 'x']), put(['2', 'y'])]);
        const sorted = names.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => `1/${name}`);
        expect(await namesOf(bench.store, { under: ['1'] })).toEqual(sorted);
        expect(await namesOf(bench.store, { under: ['1'], order: 'descending' })).toEqual(sorted.toReversed());
        expect(await namesOf(bench.store, { under: ['1'], namePrefix: 'a' })).toEqual(['1/a', '1/a-b', '1/a_', '1/ab']);
        expect(await namesOf(bench.store, { under: ['1'], from: ['1', 'a_'], limit: 2 })).toEqual(['1/a_', '1/ab']);
        expect(await namesOf(bench.store, { under: ['1'], from: ['1', 'a_'], order: 'descending', limit: 2 })).toEqual([
          '1/a_',
          '1/a-b',
        ]);
        expect(await namesOf(bench.store, { under: ['3'] })).toEqual([]);
      })());

    it('sorts what lies below a name before the next name', () =>
      withStore(open, async (bench) => {
        await bench.store.writeRecords([put(['1', 'f-g', '1']), put(['1', 'f', '2']), put(['1', 'f', '1'])]);
        expect(await namesOf(bench.store, { under: ['1'] })).toEqual(['1/f/1', '1/f/2', '1/f-g/1']);
        expect(await namesOf(bench.store, { under: ['1', 'f'] })).toEqual(['1/f/1', '1/f/2']);
      })());

    it('deletes a path with all below it, and no neighbour of a similar name', () =>
      withStore(open, async (bench) => {
        await bench.store.writeRecords([put(['1', 'f']), put(['1', 'f', 'v']), put(['1', 'f2']), put(['11', 'f'])]);
        await bench.store.writeRecords([{ write: 'delete-under', kind: 'function', path: ['1', 'f'] }]);
        expect(await namesOf(bench.store, {})).toEqual(['1/f2', '11/f']);
      })());
  });
}
