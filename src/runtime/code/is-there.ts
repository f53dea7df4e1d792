import { stat } from 'node:fs/promises';

/** Whether there is anything of this path. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
