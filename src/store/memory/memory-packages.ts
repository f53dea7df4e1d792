import type { Packages } from '../store.ts';

interface PackageRow {
  readonly zip: Uint8Array;
  readonly storedAtMs: number;
}

export class MemoryPackages implements Packages {
  readonly #now: () => number;
  readonly #rows = new Map<string, PackageRow>();

  constructor(now: () => number) {
    this.#now = now;
  }

  // Stored again counts as stored now, so that a package just put is never taken for one long unused.
  putPackage: Packages['putPackage'] = async (sha256, zip) => {
    this.#rows.set(sha256, { zip: zip.slice(), storedAtMs: this.#now() });
  };

  getPackage: Packages['getPackage'] = async (sha256) => this.#rows.get(sha256)?.zip.slice();

  listPackages: Packages['listPackages'] = async () =>
    [...this.#rows].map(([sha256, { storedAtMs }]) => ({ sha256, storedAtMs }));

  deletePackages: Packages['deletePackages'] = async (sha256s) => {
    for (const sha256 of sha256s) this.#rows.delete(sha256);
  };
}
