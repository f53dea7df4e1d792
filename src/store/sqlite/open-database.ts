/** Opens the database for writing, and proves that it can be served before anything is. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { dirname } from 'node:path';
import { openWritingConnection } from './connection.ts';
import { migrate } from './migrate.ts';
import { isDamage, isNotADatabase, messageOf } from './sqlite-error.ts';
import { syncFolder } from './sync-folder.ts';
import { StoreOpenError } from '../store-open-error.ts';

const MAGIC = 'SQLite format 3\0';

/**
 * The file must exist; an empty one becomes a new database. Its pages are not scanned, which takes minutes for a large
 * file: SQLite refuses one that is shorter than its header says, and other damage shows when it is met.
 * Throws `StoreOpenError`, with nothing left open.
 */
export function openDatabase(file: string, nowMs: number): DatabaseSync {
  requireMagic(file);
  let database: DatabaseSync | undefined;
  try {
    database = openWritingConnection(file);
    checkpoint(database);
    migrate(database, nowMs);
    // The log's name as well: SQLite takes no notice when it cannot sync the folder, and a power cut could take the log.
    syncFolder(dirname(file));
    return database;
  } catch (error) {
    database?.close();
    throw asOpenError(file, error);
  }
}

/**
 * Copies the log into the database and syncs both. Pages that a failed fsync of an earlier process left in the
 * system's cache as clean are written anew by this; without it they were lost at the next power cut, with the
 * tasks that had been acknowledged.
 */
function checkpoint(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (row?.['busy'] === 0) return;
  throw new StoreOpenError(
    'checkpoint-failed',
    `the log of ${String(database.location())} cannot be written back because another program has the database open: close that one first`,
  );
}

function requireMagic(file: string): void {
  const start = Buffer.alloc(MAGIC.length);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, start);
  closeSync(descriptor);
  if (length === 0 || start.toString('latin1') === MAGIC) return;
  throw new StoreOpenError(
    'not-our-database',
    `${file} is not an SQLite database: restore it from a backup, or choose another data folder`,
  );
}

function asOpenError(file: string, error: unknown): unknown {
  if (isNotADatabase(error) || isDamage(error)) return damaged(file, messageOf(error), error);
  return error;
}

function damaged(file: string, how: string, cause?: unknown): StoreOpenError {
  return new StoreOpenError(
    'damaged',
    `${file} is damaged (${how}): stop here, keep a copy of the folder, and restore a backup or recover with the sqlite3 tool's .recover`,
    { cause },
  );
}
