/** Opens the database for writing, and proves that it can be served before anything is. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { openWritingConnection } from './connection.ts';
import { migrate } from './migrate.ts';
import { isDamage, isNotADatabase, messageOf } from './sqlite-error.ts';
import { StoreOpenError } from './store-open-error.ts';

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const PAGE_BYTES_AT = 16;
const PAGE_COUNT_AT = 28;
const CHANGE_COUNTER_AT = 24;
const VERSION_VALID_FOR_AT = 92;

/** Throws `StoreOpenError`, with nothing left open. */
export function openDatabase(file: string, nowMs: number): DatabaseSync {
  requireMagic(file);
  let database: DatabaseSync | undefined;
  try {
    database = openWritingConnection(file);
    checkpoint(database);
    requireWhole(file);
    migrate(database, nowMs);
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
  const { header, fileBytes } = readHeader(file);
  if (fileBytes === 0 || header.toString('latin1', 0, MAGIC.length) === MAGIC) return;
  throw new StoreOpenError(
    'not-our-database',
    `${file} is not an SQLite database: restore it from a backup, or choose another data folder`,
  );
}

/** A scan of every page takes minutes for a large file; a cut one shows in its header. */
function requireWhole(file: string): void {
  const { header, fileBytes } = readHeader(file);
  if (fileBytes === 0) return;
  // The count in the header is only kept by writers that also set this pair alike.
  if (header.readUInt32BE(CHANGE_COUNTER_AT) !== header.readUInt32BE(VERSION_VALID_FOR_AT)) return;
  const pageBytes = header.readUInt16BE(PAGE_BYTES_AT);
  const neededBytes = header.readUInt32BE(PAGE_COUNT_AT) * (pageBytes === 1 ? 65_536 : pageBytes);
  if (fileBytes >= neededBytes) return;
  throw damaged(file, `it has ${fileBytes} of ${neededBytes} bytes`);
}

function readHeader(file: string): { header: Buffer; fileBytes: number } {
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(descriptor, header, 0, HEADER_BYTES, 0);
    return { header, fileBytes: fstatSync(descriptor).size };
  } finally {
    closeSync(descriptor);
  }
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
