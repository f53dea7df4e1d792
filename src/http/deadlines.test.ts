import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deadlines } from './deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function deadline(leftMs: number) {
  return { dueAtMs: performance.now() + leftMs, expire: vi.fn() };
}

test('a deadline expires once, within a second after it', () => {
  const soon = deadline(1500);
  deadlines.add(soon);
  vi.advanceTimersByTime(1400);
  expect(soon.expire).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1200);
  expect(soon.expire).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10_000);
  expect(soon.expire).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test('a deadline that was met never expires', () => {
  const [met, missed] = [deadline(100), deadline(100)];
  deadlines.add(met);
  deadlines.add(missed);
  deadlines.delete(met);
  vi.advanceTimersByTime(2000);
  expect([met.expire.mock.calls.length, missed.expire.mock.calls.length]).toEqual([0, 1]);
});
