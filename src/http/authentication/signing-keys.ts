/** Key pairs with their secrets made ready for HMAC, kept for a moment so that the hot path does not ask the store. */
import type { KeyPair } from '../../service/access-keys.ts';
import { HmacKey } from './hmac-key.ts';

/** How long a key that was disabled or deleted on another node may still be taken here. */
const KEPT_MS = 1000;
const KEPT_MAX = 1024;

export type FindKey = (accessKeyId: string) => Promise<KeyPair | undefined>;

export interface SigningKey {
  readonly pair: KeyPair;
  readonly secret: HmacKey;
}

interface Kept {
  readonly key: SigningKey;
  readonly untilMs: number;
}

export class SigningKeys {
  readonly #findKey: FindKey;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(findKey: FindKey, now: () => number) {
    this.#findKey = findKey;
    this.#now = now;
  }

  /** Undefined when no such pair exists. Unknown ids are not kept: whoever makes them up would fill the memory. */
  async find(accessKeyId: string): Promise<SigningKey | undefined> {
    const kept = this.#kept.get(accessKeyId);
    // A clock that was set back must not make a key live longer.
    const leftMs = kept === undefined ? 0 : kept.untilMs - this.#now();
    if (kept !== undefined && leftMs > 0 && leftMs <= KEPT_MS) return kept.key;
    const pair = await this.#findKey(accessKeyId);
    if (pair === undefined) {
      this.#kept.delete(accessKeyId);
      return undefined;
    }
    const key = { pair, secret: new HmacKey(pair.accessKeySecret) };
    if (this.#kept.size >= KEPT_MAX) this.#kept.clear();
    this.#kept.set(accessKeyId, { key, untilMs: this.#now() + KEPT_MS });
    return key;
  }

  /** Key pairs were changed on this node: the next request must see it. */
  forget(): void {
    this.#kept.clear();
  }
}
