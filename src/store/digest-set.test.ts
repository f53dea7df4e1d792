import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DigestSet } from './digest-set.ts';

const halves = fc.tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 0xffff_ffff }));

it('holds what a set of the same digests holds', () => {
  // The small values collide in their place.
  const digest = fc.oneof(halves, fc.tuple(fc.nat(3), fc.constantFrom<number>(1, 1025, 2049)));
  fc.assert(
    fc.property(fc.array(digest, { maxLength: 3_000, size: 'max' }), digest, (digests, [otherHigh, otherLow]) => {
      const set = new DigestSet();
      const model = new Set<string>();
      for (const [high, low] of digests.filter(([h, l]) => h !== 0 || l !== 0)) {
        expect(set.add(high, low)).toBe(!model.has(`${high},${low}`));
        model.add(`${high},${low}`);
      }
      expect(set.size).toBe(model.size);
      if (otherHigh !== 0 || otherLow !== 0) {
        expect(set.has(otherHigh, otherLow)).toBe(model.has(`${otherHigh},${otherLow}`));
      }
      expect(digests.every(([high, low]) => (high === 0 && low === 0) || set.has(high, low))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it('takes up to 100,000 digests and finds each', () => {
  const set = new DigestSet();
  for (let index = 1; index <= 100_000; index += 1) set.add(index * 7, (index * 2_654_435_761) >>> 0);
  expect(set.size).toBe(100_000);
  let found = 0;
  for (let index = 1; index <= 100_000; index += 1) if (set.has(index * 7, (index * 2_654_435_761) >>> 0)) found += 1;
  expect(found).toBe(100_000);
});
