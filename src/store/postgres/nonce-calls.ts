/**
 * Nonces are the database's, as every node must know them all. Each request brings one: they share statements, and
 * commits that wait for no disk.
 */
import { generationOf, oldestGeneration } from '../nonce-window.ts';
import type { Nonces, NonceUse } from '../store.ts';
import { GatheredCalls } from './gathered-calls.ts';
import type { SessionPool } from './session-pool.ts';
import type { Session } from './session.ts';
import { deleteNonces, findNonces, type NonceRow, useNonces } from './sql/nonces.ts';

/** Nonces that one node brings within their time, before it takes no more. As many as the other engine remembers. */
const NONCES_MAX = 16_000_000;
const USES_A_BATCH_MAX = 500;
/** Expired ones that go with a batch. More than a batch brings, so that they never heap up. */
const DELETED_AT_ONCE = 2_000;

interface Use {
  readonly use: NonceUse;
  readonly nowMs: number;
}

type Answer = Awaited<ReturnType<Nonces['useNonce']>>;

export class NonceCalls implements Nonces {
  readonly #writers: SessionPool;
  readonly #capacity: number;
  readonly #calls: GatheredCalls<Use, Answer>;
  /** Nonces that this node brought, by generation. */
  readonly #brought = new Map<number, number>();
  /** Before this generation nothing is left to delete. */
  #deletedBefore = -Infinity;

  constructor(writers: SessionPool, noncesMax: number = NONCES_MAX) {
    this.#writers = writers;
    this.#capacity = noncesMax;
    this.#calls = new GatheredCalls({
      purpose: 'signed requests',
      sizeOf: () => 1,
      sizeMax: USES_A_BATCH_MAX,
      run: (uses) => this.#writers.use((session) => this.#run(session, uses)),
    });
  }

  useNonce: Nonces['useNonce'] = (use, nowMs) => this.#calls.call({ use, nowMs });

  /** Resolves once all that was called is settled. */
  async close(): Promise<void> {
    await this.#calls.close();
  }

  async #run(session: Session, uses: readonly Use[]): Promise<readonly Answer[]> {
    const oldest = oldestGeneration(Math.min(...uses.map(({ nowMs }) => nowMs)));
    await this.#forget(session, oldest);
    const rows = uses.map(({ use }) => rowOf(use));
    return this.#isFull() ? await whenFull(session, rows, oldest) : await this.#use(session, rows, oldest);
  }

  async #use(session: Session, rows: readonly NonceRow[], oldest: number): Promise<readonly Answer[]> {
    const byDigest = new Map(rows.toReversed().map((row) => [row.digest, row]));
    const first = new Set(await useNonces(session, [...byDigest.values()], oldest));
    return rows.map(({ digest, generation }) => {
      // Of two of one batch the first is the first.
      if (!first.delete(digest)) return 'used';
      this.#brought.set(generation, (this.#brought.get(generation) ?? 0) + 1);
      return 'first';
    });
  }

  #isFull(): boolean {
    let brought = 0;
    for (const count of this.#brought.values()) brought += count;
    return brought >= this.#capacity;
  }

  async #forget(session: Session, oldest: number): Promise<void> {
    for (const generation of this.#brought.keys()) if (generation < oldest) this.#brought.delete(generation);
    if (oldest <= this.#deletedBefore) return;
    const deleted = await deleteNonces(session, oldest, DELETED_AT_ONCE);
    if (deleted < DELETED_AT_ONCE) this.#deletedBefore = oldest;
  }
}

async function whenFull(session: Session, rows: readonly NonceRow[], oldest: number): Promise<readonly Answer[]> {
  const used = await findNonces(
    session,
    rows.map(({ digest }) => digest),
    oldest,
  );
  return rows.map(({ digest }) => (used.has(digest) ? 'used' : 'full'));
}

/** As the other engine does, 0 counts as 1. */
function rowOf({ digest, expiresAtMs }: NonceUse): NonceRow {
  return { digest: BigInt.asIntN(64, digest === 0n ? 1n : digest), generation: generationOf(expiresAtMs) };
}
