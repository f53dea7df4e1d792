import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newRequestId, newUuid } from './request-id.ts';

const forms = [
  ['3.0', newRequestId, /^1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}$/],
  ['2.0', newUuid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
] as const;

/** Nearly to the end of 8 digits of seconds, in the year 2106. */
const timeMs = fc.integer({ min: 0, max: 0xffff_0000 * 1000 });

for (const [dialect, newId, form] of forms) {
  test(`an id of ${dialect} has its form at any time`, () => {
    fc.assert(fc.property(timeMs, (nowMs) => form.test(newId(nowMs))));
  });

  test(`ids of ${dialect} sort as the milliseconds in which they were made`, () => {
    fc.assert(
      fc.property(
        timeMs,
        fc.integer({ min: 1, max: 5_000 }),
        (nowMs, laterMs) => newId(nowMs) < newId(nowMs + laterMs),
      ),
    );
  });

  test(`ids of ${dialect} made in one millisecond differ`, () => {
    expect(new Set(Array.from({ length: 5_000 }, () => newId(1_700_000_000_000))).size).toBe(5_000);
  });
}

test('a request id of 3.0 begins with the seconds', () => {
  expect(newRequestId(0x64e70cf1 * 1000 + 500)).toMatch(/^1-64e70cf1-800/);
});
