import { describe, expect, test } from 'vitest';
import { MIB } from '../../core/limits.ts';
import { InflationLimit } from './inflation-limit.ts';

/** What is said of the last of these pieces, of which all before it must pass. */
function said(zipBytes: number, ...pieces: readonly number[]): string | undefined {
  const limit = new InflationLimit(zipBytes);
  const all = pieces.map((bytes) => limit.add(bytes));
  expect(all.slice(0, -1).every((problem) => problem === undefined)).toBe(true);
  return all.at(-1);
}

describe('a package may unpack', () => {
  test.each([
    ['to a hundred times its size, in all its entries together', 2 * MIB, [100 * MIB, 100 * MIB]],
    ['to 1 MiB, however small it is', 100, [MIB]],
    ['to 500 MiB', 50 * MIB, [500 * MIB]],
  ])('%s', (_title, zipBytes, pieces) => {
    expect(said(zipBytes, ...pieces)).toBeUndefined();
  });

  test.each([
    ['more than a hundred times', 2 * MIB, [200 * MIB, 1], 'to more than 100 times its size of 2097152 bytes'],
    ['more than 1 MiB when it is tiny', 100, [MIB, 1], 'to more than 100 times its size of 100 bytes'],
    ['more than 500 MiB, however large it is', 400 * MIB, [500 * MIB, 1], 'to more than 500 MiB'],
  ])('not to %s', (_title, zipBytes, pieces, expected) => {
    expect(said(zipBytes, ...pieces)).toBe(`makes the package unpack ${expected}`);
  });
});
