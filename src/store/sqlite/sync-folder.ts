import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Brings the names in a folder to the disk. Throws when it cannot. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
