import { describe, expect, it } from 'vitest';
import { type OpenSubject, withStore } from './workbench.ts';

export function nonceConformance(open: OpenSubject): void {
  describe('nonces', () => {
    it('answers first exactly once until the nonce expires, whatever time a later use names', () =>
      withStore(open, async (bench) => {
        const use = (digest: bigint, expiresAtMs = 900_000, nowMs = 1_000) =>
          bench.store.useNonce({ digest, expiresAtMs }, nowMs);
        const digests = [0n, 1n, 0xffff_ffffn, 0x1_0000_0000n, 0xffff_ffff_ffff_ffffn];
        // 0 and 1 share a place.
        expect(await Promise.all(digests.map((digest) => use(digest)))).toEqual([
          'first',
          'used',
          'first',
          'first',
          'first',
        ]);
        for (const digest of digests) expect(await use(digest, 1_800_000, 899_999)).toBe('used');
      })());

    it('lets one of many at the same time be first', () =>
      withStore(open, async (bench) => {
        const uses = Array.from({ length: 50 }, () => bench.store.useNonce({ digest: 77n, expiresAtMs: 9_000 }, 1_000));
        expect((await Promise.all(uses)).filter((answer) => answer === 'first')).toHaveLength(1);
      })());

    it('forgets what expired long ago', () =>
      withStore(open, async (bench) => {
        await bench.store.useNonce({ digest: 5n, expiresAtMs: 1_000 }, 500);
        expect(await bench.store.useNonce({ digest: 5n, expiresAtMs: 4_000_000 }, 3_000_000)).toBe('first');
      })());

    it('says that it is full instead of forgetting a nonce that is still valid', async () => {
      const subject = await open({ now: () => 0, noncesMax: 3 });
      try {
        const use = (digest: bigint, nowMs: number) =>
          subject.store.useNonce({ digest, expiresAtMs: nowMs + 900_000 }, nowMs);
        expect([await use(1n, 0), await use(2n, 0), await use(3n, 0), await use(4n, 0)]).toEqual([
          'first',
          'first',
          'first',
          'full',
        ]);
        expect(await use(1n, 0)).toBe('used');
        expect(await use(4n, 9_000_000)).toBe('first');
      } finally {
        await subject.dispose();
      }
    });
  });
}
