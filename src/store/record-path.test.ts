import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keysUnder, recordKey, recordPath } from './record-path.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_$-]{1,6}$/);
const paths = fc.array(name, { maxLength: 4 });

it('reads back the path of a key', () => {
  fc.assert(
    fc.property(paths, (path) => {
      expect(recordPath(recordKey(path))).toEqual(path);
    }),
  );
});

it('orders keys as paths are ordered, name by name', () => {
  const compareNames = (a: readonly string[], b: readonly string[]): number => {
    for (const [index, one] of a.entries()) {
      const other = b[index];
      if (other === undefined) return 1;
      if (one !== other) return one < other ? -1 : 1;
    }
    return a.length - b.length;
  };
  fc.assert(
    fc.property(paths, paths, (a, b) => {
      const [keyA, keyB] = [recordKey(a), recordKey(b)];
      const order = keyA === keyB ? 0 : keyA < keyB ? -1 : 1;
      expect(order).toBe(Math.sign(compareNames(a, b)));
    }),
  );
});

it('has exactly the paths that begin with the given names in their range', () => {
  fc.assert(
    fc.property(paths, paths, fc.constantFrom('', 'a', 'A_'), (path, under, prefix) => {
      const { from, before } = keysUnder(under, prefix);
      const key = recordKey(path);
      const begins =
        under.every((one, index) => path[index] === one) &&
        (prefix === '' ? path.length >= under.length : (path[under.length] ?? '').startsWith(prefix));
      expect(key >= from && key < before).toBe(begins);
    }),
  );
});

it('refuses a name that would end another', () => {
  expect(() => recordKey(['a\u0001b'])).toThrow(RangeError);
});
