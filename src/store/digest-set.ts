/**
 * A set of 64-bit digests as two 32-bit halves in one typed array with open addressing: 8 bytes a slot, at most two
 * thirds of the slots taken. A `Set` of bigints takes about 60 bytes an entry and work of the garbage collector.
 */
const FIRST_SLOTS = 1024;

export class DigestSet {
  /** Pairs (high, low); (0, 0) is a free slot. */
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(high: number, low: number): boolean {
    const slot = this.#find(high, stored(high, low));
    return this.#isTaken(slot);
  }

  /** False when it was there already. */
  add(high: number, low: number): boolean {
    if (3 * this.#size >= this.#slots.length) this.#grow();
    const lowStored = stored(high, low);
    const slot = this.#find(high, lowStored);
    if (this.#isTaken(slot)) return false;
    this.#slots[slot] = high;
    this.#slots[slot + 1] = lowStored;
    this.#size += 1;
    return true;
  }

  /** The slot that holds the digest, or the free one where it belongs. */
  #find(high: number, low: number): number {
    const last = this.#slots.length - 2;
    // The digest is uniform already: its low half is the hash.
    let slot = (low * 2) & last;
    while (this.#isTaken(slot) && (this.#slots[slot] !== high || this.#slots[slot + 1] !== low))
      slot = (slot + 2) & last;
    return slot;
  }

  #isTaken(slot: number): boolean {
    return this.#slots[slot] !== 0 || this.#slots[slot + 1] !== 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (let slot = 0; slot < old.length; slot += 2) {
      const high = old[slot] ?? 0;
      const low = old[slot + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const place = this.#find(high, low);
      this.#slots[place] = high;
      this.#slots[place + 1] = low;
    }
  }
}

/** The digest 0 is kept as 1: one in 2^64 fresh digests is taken for used, none the other way round. */
function stored(high: number, low: number): number {
  return high === 0 && low === 0 ? 1 : low;
}
