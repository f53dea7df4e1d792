import { describe, expect, it } from 'vitest';
import { bytesOf, type OpenSubject, withStore } from './workbench.ts';

export function packageConformance(open: OpenSubject): void {
  describe('packages', () => {
    it.each([0, 1, 1024 * 1024, 2 * 1024 * 1024 + 17])('gives back every byte of %i', (length) =>
      withStore(open, async (bench) => {
        const zip = Uint8Array.from({ length }, (_, index) => (index * 31) % 251);
        await bench.store.putPackage('abc', zip);
        const found = await bench.store.getPackage('abc');
        expect(Buffer.compare(found ?? Buffer.from('none'), zip)).toBe(0);
      })(),
    );

    it('takes a package again and counts it as stored then', () =>
      withStore(open, async (bench) => {
        await bench.store.putPackage('abc', bytesOf('zip'));
        bench.nowMs += 500;
        await bench.store.putPackage('abc', bytesOf('zip'));
        expect(await bench.store.listPackages()).toEqual([{ sha256: 'abc', storedAtMs: 10_500 }]);
      })());

    it('deletes those named and no other', () =>
      withStore(open, async (bench) => {
        for (const sha256 of ['a', 'b', 'c']) await bench.store.putPackage(sha256, bytesOf(sha256));
        await bench.store.deletePackages(['a', 'c', 'never-stored']);
        expect((await bench.store.listPackages()).map(({ sha256 }) => sha256)).toEqual(['b']);
        expect(await bench.store.getPackage('a')).toBeUndefined();
        expect(await bench.store.getPackage('b')).toEqual(bytesOf('b'));
      })());

    it('stores a package whole though it is deleted while it is stored', () =>
      withStore(open, async (bench) => {
        const zip = new Uint8Array(3 * 1024 * 1024).fill(9);
        const stored = bench.store.putPackage('abc', zip);
        await bench.store.deletePackages(['abc']);
        await stored;
        const found = await bench.store.getPackage('abc');
        if (found !== undefined) expect(Buffer.compare(found, zip)).toBe(0);
        expect((await bench.store.listPackages()).length).toBe(found === undefined ? 0 : 1);
      })());
  });
}
