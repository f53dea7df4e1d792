import { expect, it } from 'vitest';
import { crc64 } from './crc64.ts';

// The first is the published check value of CRC-64/XZ.
it.each([
  ['123456789', '11051210869376104954'],
  ['', '0'],
])('sums %j to %s', (text, sum) => {
  expect(crc64(new TextEncoder().encode(text))).toBe(sum);
});
