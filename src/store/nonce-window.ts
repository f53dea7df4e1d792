/**
 * The nonces of requests that could still be replayed, about 16 bytes each. They are kept in generations by the time
 * of their expiry, so that forgetting is dropping whole generations and nothing is ever deleted one by one.
 */
import { DigestSet } from './digest-set.ts';
import type { NonceUse } from './store.ts';

/** A request is valid for half an hour at most, so that about seven generations are alive, each asked at each use. */
const GENERATION_MS = 300_000;
/** 16 million nonces in 30 minutes are 9,000 requests a second, and 256 MiB. */
const NONCES_MAX = 16_000_000;

/** Digests of one generation: 8 bytes each, little-endian. */
export interface NonceBatch {
  readonly generation: number;
  readonly digests: Uint8Array;
}

export class NonceWindow {
  readonly #capacity: number;
  readonly #generations = new Map<number, DigestSet>();
  #size = 0;

  /** @param capacity nonces that may be remembered at once; beyond it `use` answers `full` */
  constructor(capacity: number = NONCES_MAX) {
    this.#capacity = capacity;
  }

  use(use: NonceUse, nowMs: number): 'first' | 'used' | 'full' {
    this.forget(nowMs);
    const high = Number(use.digest >> 32n) >>> 0;
    const low = Number(use.digest & 0xffff_ffffn);
    for (const digests of this.#generations.values()) if (digests.has(high, low)) return 'used';
    if (this.#size >= this.#capacity) return 'full';
    this.#generation(generationOf(use.expiresAtMs)).add(high, low);
    this.#size += 1;
    return 'first';
  }

  /** Takes up what an earlier process remembered. */
  load(batch: NonceBatch): void {
    const view = new DataView(batch.digests.buffer, batch.digests.byteOffset, batch.digests.byteLength);
    const digests = this.#generation(batch.generation);
    for (let offset = 0; offset + 8 <= view.byteLength; offset += 8) {
      if (digests.add(view.getUint32(offset + 4, true), view.getUint32(offset, true))) this.#size += 1;
    }
  }

  /** Drops the generations in which every nonce has expired. */
  forget(nowMs: number): void {
    const oldest = oldestGeneration(nowMs);
    for (const [generation, digests] of this.#generations) {
      if (generation >= oldest) continue;
      this.#generations.delete(generation);
      this.#size -= digests.size;
    }
  }

  #generation(generation: number): DigestSet {
    let digests = this.#generations.get(generation);
    if (digests === undefined) this.#generations.set(generation, (digests = new DigestSet()));
    return digests;
  }
}

export function generationOf(expiresAtMs: number): number {
  return Math.floor(expiresAtMs / GENERATION_MS);
}

/** The first generation in which a nonce may still be valid. */
export function oldestGeneration(nowMs: number): number {
  return generationOf(nowMs);
}
