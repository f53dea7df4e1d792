/** What every list in order of names takes. */
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from '../../core/limits.ts';
import type { Query } from './query.ts';

/** `limit` 1 to 100, default 20; `nextToken` empty for the first page; `prefix` of the names. */
export function pageOf(query: Query): { limit: number; nextToken: string; prefix: string } {
  return {
    limit: query.integer('limit', { min: 1, max: LIST_LIMIT_MAX }) ?? LIST_LIMIT_DEFAULT,
    nextToken: query.text('nextToken'),
    prefix: query.text('prefix'),
  };
}
