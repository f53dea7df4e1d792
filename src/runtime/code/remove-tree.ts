/** Removes a folder whose own folders may be read-only, as those of extracted packages are. */
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Does nothing when there is none. */
export async function removeTree(folder: string): Promise<void> {
  await makeWritable(folder);
  await rm(folder, { recursive: true, force: true });
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await chmod(folder, 0o700);
  } catch {
    return; // not there; what cannot be changed is reported by the removal
  }
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => makeWritable(join(folder, entry.name))),
  );
}
