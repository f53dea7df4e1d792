/** Writes a package's entries into an empty folder: nothing is followed, nothing is replaced, everything is synced. */
import { constants } from 'node:fs';
import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ZipFile } from 'yauzl';
import { countProblem, EntryRules, extractedMode } from './entry-rules.ts';
import type { InflationLimit } from './inflation-limit.ts';
import { archiveEntries, type ArchiveEntry, PackageProblem, quoteName } from './package-archive.ts';
import { PendingSyncs } from './pending-syncs.ts';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const WRITABLE_FOLDER = 0o755;
const READ_ONLY_FOLDER = 0o555;

/**
 * @param folder exists and is empty; left writable itself, so that it can be renamed
 * @throws PackageProblem at the first entry that breaks a rule; what was written stays, for the caller to remove
 */
export async function writeTree(zip: ZipFile, folder: string, limit: InflationLimit): Promise<void> {
  const tooMany = countProblem(zip.entryCount);
  if (tooMany !== undefined) throw new PackageProblem(tooMany);
  const rules = new EntryRules();
  const folders = new Set<string>();
  const syncs = new PendingSyncs();
  for await (const entry of archiveEntries(zip)) {
    const problem = rules.check(entry);
    if (problem !== undefined) throw entryProblem(entry, problem);
    await writeEntry(entry, { folder, folders, limit, syncs });
  }
  await syncs.finish();
  // Deepest first: a folder is closed after all that is in it.
  for (const made of [...folders].sort((a, b) => b.length - a.length)) {
    await sync(made);
    await chmod(made, READ_ONLY_FOLDER);
  }
  await sync(folder);
}

interface Tree {
  readonly folder: string;
  /** Those that were made in it. */
  readonly folders: Set<string>;
  readonly limit: InflationLimit;
  readonly syncs: PendingSyncs;
}

/** What is there already has a name that the rules took for another: the file system folds case, or Unicode forms. */
async function writeEntry(entry: ArchiveEntry, tree: Tree): Promise<void> {
  const { folder, folders } = tree;
  const path = join(folder, entry.name);
  try {
    await makeFolders(entry.name.endsWith('/') ? path : dirname(path), folder, folders);
    if (!entry.name.endsWith('/')) await writeFile(entry, path, tree);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw entryProblem(entry, 'has a name that is the same as that of another entry on the file system of this server');
  }
}

async function makeFolders(path: string, root: string, made: Set<string>): Promise<void> {
  if (path === root || made.has(path)) return;
  const parent = dirname(path);
  await makeFolders(parent, root, made);
  await mkdir(path, { mode: WRITABLE_FOLDER });
  made.add(path);
}

async function writeFile(entry: ArchiveEntry, path: string, { limit, syncs }: Tree): Promise<void> {
  const file = await open(path, NEW_FILE, extractedMode(entry.unixMode));
  try {
    let checksum = 0;
    for await (const chunk of await entry.open()) {
      const bytes = chunk as Buffer;
      const problem = limit.add(bytes.length);
      if (problem !== undefined) throw entryProblem(entry, problem);
      checksum = crc32(bytes, checksum);
      await file.write(bytes);
    }
    if (checksum !== entry.crc32) throw entryProblem(entry, 'is damaged: its checksum is wrong');
  } catch (error) {
    await file.close();
    throw isDataError(error) ? entryProblem(entry, `is damaged: ${error.message}`) : error;
  }
  await syncs.add(file);
}

/** Errors of zlib and yauzl about the data, as against those of the file system, which carry a system call. */
function isDataError(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof PackageProblem) && !('syscall' in error);
}

function entryProblem({ name }: ArchiveEntry, problem: string): PackageProblem {
  return new PackageProblem(`Entry ${quoteName(name)} of the code package ${problem}.`);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
