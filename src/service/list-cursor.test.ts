import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCursor, sealCursor } from './list-cursor.ts';

const key = new Uint8Array(32).fill(7);
const filter = { account: '1', functionName: 'f', order: 'newest-first' } as const;
const cursor = { acceptedAtMs: 1_700_000_000_000, sequence: 42 };

describe('the cursor of a task list', () => {
  it('opens to the place it was sealed with', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (acceptedAtMs, sequence) => {
        const place = { acceptedAtMs, sequence };
        expect(openCursor(key, filter, sealCursor(key, filter, place))).toEqual(place);
      }),
    );
  });

  it.each([
    { account: '2' },
    { functionName: 'g' },
    { qualifier: 'prod' },
    { status: 'Running' },
    { idPrefix: 'a' },
    { acceptedFromMs: 1 },
    { acceptedToMs: 1 },
    { order: 'oldest-first' },
  ] as const)('does not open for another list: %j', (change) => {
    const token = sealCursor(key, filter, cursor);
    expect(() => openCursor(key, { ...filter, ...change }, token)).toThrow(/nextToken/);
  });

  it('does not open when a bit of it was changed, nor with another key', () => {
    const token = sealCursor(key, filter, cursor);
    expect(() => openCursor(new Uint8Array(32), filter, token)).toThrow(/nextToken/);
    const bytes = Buffer.from(token, 'base64url');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const forged = Buffer.from(bytes);
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => openCursor(key, filter, forged.toString('base64url'))).toThrow(/nextToken/);
      }),
    );
  });

  it.each(['x', 'MTIzNCNhYmM=', '!', 'a'.repeat(5_000)])('refuses what it never gave: %s', (token) => {
    expect(() => openCursor(key, filter, token)).toThrow(/nextToken/);
  });
});
