import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOG_TAIL_BYTES } from '../../core/limits.ts';
import { LogTail } from './log-tail.ts';

function tailOf(parts: readonly string[]): string {
  const tail = new LogTail();
  for (const part of parts) tail.append(part);
  return tail.text();
}

test('a short log is its own tail', () => {
  expect(tailOf(['one\n', 'zwölf\n'])).toBe('one\nzwölf\n');
});

test('a tail is the longest end of the log that fits and begins with a whole character', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'ü', '漢', '🎈', '\n'), maxLength: 400 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const whole = parts.join('');
      const tail = tailOf(parts);
      expect(whole.endsWith(tail)).toBe(true);
      expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(LOG_TAIL_BYTES);
      const rest = whole.slice(0, whole.length - tail.length);
      const before = Array.from(rest).at(-1) ?? '';
      expect(rest === '' || Buffer.byteLength(before + tail) > LOG_TAIL_BYTES).toBe(true);
    }),
  );
});
