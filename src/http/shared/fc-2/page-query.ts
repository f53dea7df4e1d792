/** What every list of 2.0 in order of names takes. */
import type { Query } from '../query.ts';
import { pageOf } from '../page-query.ts';

/** As in `pageOf`, and `startKey`: the name that the first page begins at. */
export function startingPageOf(query: Query): ReturnType<typeof pageOf> & { startKey: string } {
  return { ...pageOf(query), startKey: query.text('startKey') };
}
