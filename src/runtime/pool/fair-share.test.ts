import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claimant, fairShares, shouldYield } from './fair-share.ts';

const claimant = (key: string, held: number, wanted: number): Claimant => ({ key, held, wanted });

describe('fair shares', () => {
  test.each<[string, Claimant[], number, Record<string, number>]>([
    ['go to the only one, as far as it wants', [claimant('a', 1, 2)], 10, { a: 3 }],
    ['are even when all want more', [claimant('a', 9, 90), claimant('b', 0, 50)], 10, { a: 5, b: 5 }],
    ['leave to others what one cannot use', [claimant('a', 8, 90), claimant('b', 0, 2)], 10, { a: 8, b: 2 }],
    [
      'are fractions when there are more functions than instances',
      [claimant('a', 1, 1), claimant('b', 0, 1)],
      1,
      { a: 0.5, b: 0.5 },
    ],
  ])('%s', (_title, claimants, total, expected) => {
    expect(Object.fromEntries(fairShares(claimants, total))).toEqual(expected);
  });

  const lists = fc
    .array(fc.record({ held: fc.nat(20), wanted: fc.nat(20) }), { maxLength: 8 })
    .map((list) => list.map(({ held, wanted }, index) => claimant(String(index), held, wanted)));

  test('never exceed the total, nor what somebody can use', () => {
    fc.assert(
      fc.property(lists, fc.nat(40), (claimants, total) => {
        const shares = fairShares(claimants, total);
        const sum = [...shares.values()].reduce((a, b) => a + b, 0);
        expect(sum).toBeLessThanOrEqual(total + 1e-6);
        for (const { key, held, wanted } of claimants) expect(shares.get(key)).toBeLessThanOrEqual(held + wanted);
      }),
    );
  });

  test('are such that who gets less than another gets all it can use', () => {
    fc.assert(
      fc.property(lists, fc.nat(40), (claimants, total) => {
        const shares = fairShares(claimants, total);
        const most = Math.max(0, ...shares.values());
        for (const { key, held, wanted } of claimants) {
          const share = shares.get(key) ?? 0;
          if (share < most - 1e-6) expect(share).toBeCloseTo(held + wanted);
        }
      }),
    );
  });
});

describe('a function hands an instance over', () => {
  test.each<[string, Claimant, Claimant, boolean]>([
    ['when it has more than its share and the other less', claimant('a', 9, 5), claimant('b', 1, 5), true],
    ['not at its share', claimant('a', 5, 5), claimant('b', 5, 5), false],
    ['not for half an instance', claimant('a', 2, 5), claimant('b', 1, 5), false],
    ['to one that has none, even the only one there is', claimant('a', 1, 5), claimant('b', 0, 1), true],
    ['not to one that wants none', claimant('a', 9, 5), claimant('b', 0, 0), false],
    ['not to itself', claimant('a', 9, 5), claimant('a', 9, 5), false],
  ])('%s', (_title, holder, other, expected) => {
    expect(shouldYield(holder, other, fairShares([holder, other], holder.held + other.held))).toBe(expected);
  });

  test('never back at once', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 20 })), ([heldByA, heldByB, wanted]) => {
        const [a, b] = [claimant('a', heldByA, wanted), claimant('b', heldByB, wanted)];
        const total = heldByA + heldByB;
        // Having none at all is a turn that comes round again by design; the quantum slows it down.
        fc.pre(heldByA > 1 && heldByB > 0 && shouldYield(a, b, fairShares([a, b], total)));
        const [lessA, moreB] = [claimant('a', heldByA - 1, wanted + 1), claimant('b', heldByB + 1, wanted)];
        expect(shouldYield(moreB, lessA, fairShares([lessA, moreB], total))).toBe(false);
      }),
    );
  });
});
