import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Demand, wantsInstance } from './growth.ts';

const nobody: Demand = {
  waiting: 0,
  starting: 0,
  elapsedMs: [],
  slots: 0,
  quickestRunMs: undefined,
  headWaitMs: 60,
  lineMs: 60,
  cores: 2,
  smoothedStartMs: 100,
};

describe('another instance is wanted', () => {
  test.each<[string, Partial<Demand>, boolean]>([
    ['not when nobody waits', {}, false],
    ['when somebody waits and there is none', { waiting: 1 }, true],
    ['not when one is on its way for each who waits', { waiting: 2, starting: 2, slots: 2 }, false],
    ['not before anything is known about the function', { waiting: 20, starting: 1, slots: 1 }, false],
    ['not for short executions', { waiting: 60, slots: 1, elapsedMs: [0.1], quickestRunMs: 0.1 }, false],
    [
      'not for what only seems slow while the line moves',
      { waiting: 60, slots: 1, quickestRunMs: 5, headWaitMs: 4 },
      false,
    ],
    ['when the line does not end and a core is free', { waiting: 60, slots: 1, quickestRunMs: 0.1, lineMs: 101 }, true],
    [
      'not when the line does not end and no core is',
      { waiting: 60, slots: 2, quickestRunMs: 0.1, lineMs: 101 },
      false,
    ],
    ['at once for what is known to be slow', { waiting: 1, slots: 1, quickestRunMs: 5_000, headWaitMs: 0 }, true],
    ['for many of them', { waiting: 200, slots: 1, elapsedMs: [1], quickestRunMs: 1 }, true],
    ['but not once two share them', { waiting: 200, slots: 2, elapsedMs: [1, 1], quickestRunMs: 1 }, false],
    [
      'not when a busy machine makes short ones look slow',
      { waiting: 200, slots: 2, elapsedMs: [20, 20], quickestRunMs: 0.2 },
      false,
    ],
    ['for one that waits longer than a start', { waiting: 1, slots: 1, elapsedMs: [0], quickestRunMs: 101 }, true],
    ['not for one that waits less', { waiting: 1, slots: 1, elapsedMs: [0], quickestRunMs: 99 }, false],
    ['when the one under way is slow, though none has ended yet', { waiting: 4, slots: 1, elapsedMs: [26] }, true],
    [
      'when those under way are slower than those before',
      { waiting: 1, slots: 1, elapsedMs: [150], quickestRunMs: 1 },
      true,
    ],
  ])('%s', (_title, demand, expected) => {
    expect(wantsInstance({ ...nobody, ...demand })).toBe(expected);
  });

  const demands = fc.record({
    waiting: fc.nat(500),
    starting: fc.nat(5),
    elapsedMs: fc.array(fc.nat(5_000), { maxLength: 8 }),
    slots: fc.nat(10),
    quickestRunMs: fc.option(fc.nat(5_000), { nil: undefined }),
    headWaitMs: fc.nat(5_000),
    lineMs: fc.nat(5_000),
    cores: fc.integer({ min: 1, max: 4 }),
    smoothedStartMs: fc.integer({ min: 1, max: 2_000 }),
  });

  test('as long as more wait and nothing else changes', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        fc.pre(wantsInstance(demand));
        expect(wantsInstance({ ...demand, waiting: demand.waiting + 1 })).toBe(true);
      }),
    );
  });

  test('at most once for each who waits', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        expect(wantsInstance({ ...demand, starting: demand.waiting })).toBe(false);
      }),
    );
  });
});
