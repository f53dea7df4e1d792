/**
 * Keeps enough room that tasks can still end. On a full disk nothing can be written at all, not even the end of a
 * task or a checkpoint; a reserve file that is deleted then gives back the room for that, while new tasks are refused.
 */
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { messageOf } from './sqlite-error.ts';
import type { Health } from './thread-protocol.ts';

const GREEN: Health = { ok: true, reason: '' };
const BLOCK_BYTES = 1024 * 1024;
/** Of the disk, or of what this user may have of it. */
const NO_ROOM = ['ENOSPC', 'EDQUOT'];

export interface DiskSpaceOptions {
  readonly folder: string;
  readonly reserveFile: string;
  readonly reserveBytes: number;
  /** Below so much free space nothing new is accepted. */
  readonly lowWaterBytes: number;
  readonly onChange: (health: Health) => void;
  /** Free bytes for this user; defaults to what the file system says. */
  readonly freeBytes?: () => number;
}

export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  readonly #freeBytes: () => number;
  #health: Health = GREEN;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
    this.#freeBytes = options.freeBytes ?? (() => freeBytesOf(options.folder));
    this.check();
  }

  get health(): Health {
    return this.#health;
  }

  /** Why nothing new may be written; undefined when it may. */
  refusal(): string | undefined {
    return this.#health.ok ? undefined : this.#health.reason;
  }

  /** A write found no space: gives up the reserve. */
  ranFull(): void {
    rmSync(this.#options.reserveFile, { force: true });
    this.#become(this.#red('is full'));
  }

  /** Looks again; called now and then, so that space that is back is noticed without a request. */
  check(): void {
    const { lowWaterBytes, reserveBytes, reserveFile } = this.#options;
    const hasReserve = existsSync(reserveFile);
    const needed = lowWaterBytes + (hasReserve ? 0 : reserveBytes);
    if (this.#freeBytes() < needed) this.#become(this.#red('is nearly full'));
    else this.#become(hasReserve ? GREEN : this.#makeReserve());
  }

  #red(how: string): Health {
    const { folder, lowWaterBytes, reserveBytes } = this.#options;
    const needed = Math.ceil((lowWaterBytes + reserveBytes) / BLOCK_BYTES);
    return {
      ok: false,
      reason: `the disk ${how}: free at least ${needed} MiB on the file system of ${folder}; new tasks are refused until then`,
    };
  }

  #become(health: Health): void {
    const changed = health.ok !== this.#health.ok;
    this.#health = health;
    if (changed) this.#options.onChange(health);
  }

  /** Written, not only sized: a file with holes reserves nothing. */
  #makeReserve(): Health {
    const { reserveFile, reserveBytes } = this.#options;
    try {
      const descriptor = openSync(reserveFile, 'w', 0o600);
      try {
        const block = Buffer.alloc(BLOCK_BYTES);
        for (let left = reserveBytes; left > 0; left -= BLOCK_BYTES)
          writeSync(descriptor, block, 0, Math.min(left, BLOCK_BYTES));
      } finally {
        closeSync(descriptor);
      }
      return GREEN;
    } catch (error) {
      rmSync(reserveFile, { force: true });
      if (hasCode(error, NO_ROOM)) return this.#red('is nearly full');
      return {
        ok: false,
        reason: `${reserveFile} cannot be written (${messageOf(error)}); new tasks are refused until then`,
      };
    }
  }
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
