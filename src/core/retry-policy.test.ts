import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs } from './retry-policy.ts';

it.each([
  [1, 500],
  [2, 1_000],
  [3, 2_000],
  [7, 32_000],
  [8, 60_000],
  [1_000, 60_000],
])('waits at most its ceiling before try %i + 1: %i ms', (count, ceilingMs) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
      const waitMs = backoffMs(count, random);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThanOrEqual(ceilingMs);
    }),
  );
  expect(backoffMs(count, 0.999_999)).toBe(ceilingMs);
});
