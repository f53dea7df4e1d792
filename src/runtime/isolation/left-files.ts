/**
 * Files that instances left where everybody may write, outside of their temp folders. They are known by their owner, and
 * removed with the rights of that owner alone: what a link in them leads to is then nobody else's.
 */
import { execFile } from 'node:child_process';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Launcher } from '../process/parent-death.ts';
import { SYSTEM_PATH } from '../process/programs.ts';
import type { UserRange } from './function-users.ts';

/** Those that are sticky everywhere: what lies in them is its owner's to remove. */
const OPEN_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm'] as const;

/** Folders may have been closed, and are opened then. Neither `find` nor `rm` follows links. */
const REMOVE = `user=$1; shift
remove() { find "$@" -mindepth 1 -maxdepth 1 -user "$user" -exec rm -rf -- {} + 2>/dev/null; }
open() { find "$@" -mindepth 1 ! -user "$user" -prune -o -type d ! -perm -700 -exec chmod u+rwx {} ';' 2>/dev/null; }
remove "$@" || { open "$@"; remove "$@"; }`;

/**
 * Of a user without processes, in `/tmp`, `/var/tmp` and `/dev/shm`; resolves when that is done. It takes a process, also
 * where there is nothing. Never rejects.
 */
export function removeLeftFiles(launcher: Launcher, uid: number): Promise<void> {
  const [command, ...args] = launcher.wrap(['/bin/sh', '-c', REMOVE, 'sh', String(uid), ...OPEN_FOLDERS], { uid });
  const options = { cwd: '/', env: { PATH: SYSTEM_PATH } } as const;
  return new Promise((resolve) => void execFile(command, args, options, () => resolve()));
}

/** Of all users of a former life of the server. Never rejects. */
export async function removeFilesOfFormerLife(launcher: Launcher, { first, count }: UserRange): Promise<void> {
  const owners = await Promise.all(OPEN_FOLDERS.map(ownersIn));
  const left = new Set(owners.flat().filter((uid) => uid >= first && uid < first + count));
  for (const uid of left) await removeLeftFiles(launcher, uid);
}

async function ownersIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => []);
  const owners: number[] = [];
  for (const name of names) {
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found !== undefined) owners.push(found.uid);
  }
  return owners;
}
