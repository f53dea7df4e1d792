import { describe, expect, it } from 'vitest';
import { generationOf, NonceWindow } from './nonce-window.ts';

const MINUTE_MS = 60_000;

describe('the nonce window', () => {
  it('remembers a nonce until it expires, and its room is free soon after', () => {
    const window = new NonceWindow(1);
    expect(window.use({ digest: 1n, expiresAtMs: 15 * MINUTE_MS }, 0)).toBe('first');
    expect(window.use({ digest: 1n, expiresAtMs: 15 * MINUTE_MS }, 15 * MINUTE_MS)).toBe('used');
    expect(window.use({ digest: 2n, expiresAtMs: 30 * MINUTE_MS }, 15 * MINUTE_MS)).toBe('full');
    expect(window.use({ digest: 2n, expiresAtMs: 35 * MINUTE_MS }, 20 * MINUTE_MS)).toBe('first');
  });

  it('knows a nonce that comes again with another expiry', () => {
    const window = new NonceWindow();
    window.use({ digest: 9n, expiresAtMs: 10 * MINUTE_MS }, 0);
    expect(window.use({ digest: 9n, expiresAtMs: 25 * MINUTE_MS }, 9 * MINUTE_MS)).toBe('used');
  });

  it('takes up what an earlier one saved, each once', () => {
    const digests = new Uint8Array(16);
    new DataView(digests.buffer).setBigUint64(0, 0xfedc_ba98_7654_3210n, true);
    new DataView(digests.buffer).setBigUint64(8, 5n, true);
    const window = new NonceWindow(3);
    const batch = { generation: generationOf(10 * MINUTE_MS), digests };
    window.load(batch);
    window.load(batch);
    const use = (digest: bigint) => window.use({ digest, expiresAtMs: 10 * MINUTE_MS }, 0);
    expect([use(0xfedc_ba98_7654_3210n), use(5n), use(6n), use(7n)]).toEqual(['used', 'used', 'first', 'full']);
  });
});
