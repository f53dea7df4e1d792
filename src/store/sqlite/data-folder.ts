/** The folder that one process owns: its files, their modes, and the lock that dies with the process. */
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, messageOf } from './sqlite-error.ts';
import { syncFolder } from './sync-folder.ts';
import { StoreOpenError } from '../store-open-error.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

export interface DataFolder {
  readonly path: string;
  readonly database: string;
  readonly reserve: string;
  unlock(): void;
}

/** Makes the folder if there is none, and takes it for this process, with a database. Throws `StoreOpenError`. */
export function takeDataFolder(path: string): DataFolder {
  const database = join(path, 'meanwhile.db');
  const { unlock } = takeFolder(path, [database]);
  return { path, database, reserve: join(path, 'reserve'), unlock };
}

/** Makes the folder if there is none, with files for its owner alone, and takes it. Throws `StoreOpenError`. */
export function takeFolder(path: string, files: readonly string[] = []): Pick<DataFolder, 'unlock'> {
  const lock = join(path, 'lock.db');
  try {
    makeFolder(resolve(path));
    // SQLite gives its -wal and -shm files the mode of the database.
    for (const file of [...files, lock]) makePrivate(file);
  } catch (error) {
    throw new StoreOpenError('folder-unusable', `the data folder ${path} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const holder = takeLock(path, lock);
  return { unlock: () => holder.close() };
}

/**
 * With its name on the disk: a power cut must not take the folder away under all that was synced inside. Folder by folder,
 * because Node's own recursive mkdir goes on for ever where a folder that is there has room for no other, as /proc.
 */
function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw new Error(`${path} is a file`);
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: OWNER_ONLY_FOLDER });
  } catch (error) {
    // Another process was faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
  syncFolder(dirname(path));
}

function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', OWNER_ONLY_FILE));
  chmodSync(file, OWNER_ONLY_FILE);
}

/**
 * An exclusive transaction that is never ended, on a file of its own: the system drops the lock with the process,
 * however that ends, and other connections of this process stay free to open the database.
 */
function takeLock(folder: string, file: string): DatabaseSync {
  const holder = new DatabaseSync(file, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
    return holder;
  } catch (error) {
    holder.close();
    if (!isBusy(error)) throw error;
    throw new StoreOpenError(
      'folder-in-use',
      `the data folder ${folder} is in use by another process: stop that one, or give this one a folder of its own`,
      { cause: error },
    );
  }
}
