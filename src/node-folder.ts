/**
 * The data folder of a server whose state is in a database elsewhere: unpacked code, temp folders of instances, and the
 * first key pair. Its id marks the processes of the servers on it, so that a start finds those that an earlier one left
 * behind, and no other server's on the machine.
 */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeFolder } from './store/sqlite/data-folder.ts';

export interface NodeFolder {
  readonly folderId: string;
  /** The node that had the folder before: it is gone, for it had the lock. Null when there was none. */
  readonly formerNodeId: string | null;
  /** Before the node has a lease. */
  keepNodeId(nodeId: string): Promise<void>;
  unlock(): void;
}

/** Rejects with a `StoreOpenError` when another process has it, or when it cannot be used. */
export async function takeNodeFolder(path: string): Promise<NodeFolder> {
  const { unlock } = takeFolder(path);
  const nodeFile = join(path, 'node-id');
  try {
    return {
      folderId: await folderIdIn(path),
      formerNodeId: (await textOf(nodeFile)) || null,
      keepNodeId: (nodeId) => writeFile(nodeFile, nodeId, { mode: 0o600 }),
      unlock,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function folderIdIn(path: string): Promise<string> {
  const file = join(path, 'folder-id');
  const kept = await textOf(file);
  if (kept !== '') return kept;
  const folderId = randomUUID();
  await writeFile(file, folderId, { mode: 0o600 });
  return folderId;
}

/** Empty when there is no such file. One that cannot be read is not taken for none: what an earlier life left behind would stay. */
async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
}
