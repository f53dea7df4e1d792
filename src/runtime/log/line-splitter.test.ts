import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_LENGTH_MAX, LineSplitter } from './line-splitter.ts';

test('lines come out the same wherever the stream is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ü', '🎈', '\n'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(200), { maxLength: 8 }), (whole, places) => {
      const bytes = Buffer.from(whole);
      const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      const splitter = new LineSplitter();
      const lines = sorted.slice(1).flatMap((end, index) => splitter.push(bytes.subarray(sorted[index], end)));
      const rest = splitter.flush();
      expect([...lines, ...(rest === undefined ? [] : [rest])].join('\n')).toBe(whole.replace(/\n$/, ''));
    }),
  );
});

test('a line without end is given in pieces of bounded length', () => {
  const splitter = new LineSplitter();
  const lines = Array.from({ length: 10 }, () => splitter.push(Buffer.alloc(LINE_LENGTH_MAX / 2 + 1, 'x'))).flat();
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.every((line) => line.length === LINE_LENGTH_MAX)).toBe(true);
});
