import { expect, test } from 'vitest';
import { LOG_BURST_BYTES, LOG_BYTES_PER_SECOND, LogBudget } from './log-budget.ts';

test('a burst passes, then a rate, and what is dropped is counted once', () => {
  let nowMs = 0;
  const budget = new LogBudget(() => nowMs);
  expect(budget.take(LOG_BURST_BYTES)).toBe(true);
  expect(budget.take(100)).toBe(false);
  nowMs += 1_000;
  expect(budget.take(LOG_BYTES_PER_SECOND)).toBe(true);
  expect(budget.take(7)).toBe(false);
  expect(budget.takeDropped()).toBe(107);
  expect(budget.takeDropped()).toBe(0);
});

test('a long silence saves up no more than a burst', () => {
  let nowMs = 0;
  const budget = new LogBudget(() => nowMs);
  nowMs += 3_600_000;
  expect(budget.take(LOG_BURST_BYTES)).toBe(true);
  expect(budget.take(1)).toBe(false);
});
