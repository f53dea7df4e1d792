/** Files on their way to the disk, several at once: the disk writes them in one go, where each alone would wait for it. */
import type { FileHandle } from 'node:fs/promises';

/** As many as the process has threads for; see `extraction.ts`. */
export const SYNCS_MAX = 32;

export class PendingSyncs {
  readonly #pending = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];

  /** Syncs and closes a file that is written; resolves when there is room for another. */
  async add(file: FileHandle): Promise<void> {
    const syncing: Promise<void> = syncAndClose(file)
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#pending.delete(syncing));
    this.#pending.add(syncing);
    if (this.#pending.size >= SYNCS_MAX) await Promise.race(this.#pending);
  }

  /** Resolves when all are on the disk. Rejects with the first failure, when none is under way any more. */
  async finish(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

async function syncAndClose(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
