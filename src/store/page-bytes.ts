/** How much of a list is answered at once. */
import { MIB } from '../core/limits.ts';
import type { StoredTask } from './store.ts';

/**
 * A page ends with the task that brings its payloads and results to this many bytes, and the rest is on the next one. A
 * hundred results of a megabyte as one answer kept everybody else waiting for 1.8 s and took 600 MiB; this much takes
 * 0.15 s and 55 MiB.
 */
export const PAGE_BYTES_MAX = 16 * MIB;

/** The first tasks, at least one, as far as a page takes them. */
export function withinPageBytes<T>(tasks: readonly T[], storedOf: (task: T) => StoredTask): readonly T[] {
  let pageBytes = 0;
  const last = tasks.findIndex((task) => {
    const { payload, result } = storedOf(task);
    pageBytes += (payload?.byteLength ?? 0) + (result?.bytes.byteLength ?? 0);
    return pageBytes >= PAGE_BYTES_MAX;
  });
  return last < 0 ? tasks : tasks.slice(0, last + 1);
}
