/** Finds the places of one page. Chooses the index; loads no task. */
import type { DatabaseSync } from 'node:sqlite';
import type { TaskQuery } from '../store.ts';
import { findFunctionId, findTargetId, listTargetIds } from './sql/names.ts';
import {
  countByPrefix,
  type Direction,
  type HeldSearch,
  listByPrefix,
  listByStatus,
  listByTime,
  listHeld,
  type Place,
  type PrefixSearch,
  readTaskId,
} from './sql/task-lists.ts';
import { FIRST_FINAL_CODE, FIRST_HELD_CODE, statusCode } from '../task-row.ts';

/**
 * A prefix that few names have is found by sorting them; one that many have, by looking at tasks in the order of time, as
 * some of its own come early there. So many of either are tried, a few first: a prefix of every name costs 2 ms like this,
 * and took 4 when 20,000 names were counted before the first task was looked at. In the end all names are sorted.
 */
const EFFORTS = [200, 2_000, 10_000];
const LOOKED_AT_ONCE = 1_000;

const EARLIEST_MS = -Number.MAX_SAFE_INTEGER;
const LATEST_MS = Number.MAX_SAFE_INTEGER;
const AFTER_ALL_TEXT = '\u{10ffff}';

type Search = Omit<PrefixSearch, 'targetId' | 'idFrom' | 'idBefore'> & { readonly targetIds: readonly number[] };

export class TaskList {
  readonly #names;
  readonly #sql;

  constructor(database: DatabaseSync) {
    const ofBoth = <T>(prepare: (database: DatabaseSync, direction: Direction) => T): Record<Direction, T> => ({
      'oldest-first': prepare(database, 'oldest-first'),
      'newest-first': prepare(database, 'newest-first'),
    });
    this.#names = {
      functionId: findFunctionId(database),
      targetId: findTargetId(database),
      targetIds: listTargetIds(database),
    };
    this.#sql = {
      listByTime: ofBoth(listByTime),
      listWaiting: ofBoth((of, direction) => listByStatus(of, direction, 'status <= 1')),
      listHeld: ofBoth(listHeld),
      listEnded: ofBoth((of, direction) => listByStatus(of, direction, 'status >= 5')),
      listByPrefix: ofBoth(listByPrefix),
      countByPrefix: countByPrefix(database),
      readTaskId: readTaskId(database),
    };
  }

  /** At most `limit` places that match the query, in its order. */
  find(query: TaskQuery, limit: number): readonly Place[] {
    const functionId = this.#names.functionId(query.account, query.functionName);
    if (functionId === undefined) return [];
    const targetIds = this.#targetIds(functionId, query.qualifier);
    if (targetIds.length === 0) return [];
    const status = query.status === undefined ? null : statusCode(query.status);
    const search: Search = { functionId, targetIds, status, limit, ...rangeOf(query) };
    return query.idPrefix === undefined || query.idPrefix === ''
      ? this.#inOrder(search, query.order)
      : this.#withPrefix(search, {
          prefix: query.idPrefix,
          qualified: query.qualifier !== undefined,
          order: query.order,
        });
  }

  #targetIds(functionId: number, qualifier: string | undefined): readonly number[] {
    if (qualifier === undefined) return this.#names.targetIds(functionId);
    const targetId = this.#names.targetId(functionId, qualifier);
    return targetId === undefined ? [] : [targetId];
  }

  /** The first of each qualifier, merged. */
  #inOrder(search: Search, order: Direction): Place[] {
    const streams = search.targetIds.map((targetId) => this.#ofTarget({ ...search, targetId }, order));
    const [only] = streams;
    if (only !== undefined && streams.length === 1) return only;
    return sorted(streams.flat(), order).slice(0, search.limit);
  }

  #ofTarget(search: HeldSearch & { readonly status: number | null }, order: Direction): Place[] {
    const { status } = search;
    if (status === null) return this.#sql.listByTime[order](search);
    if (status < FIRST_HELD_CODE) return this.#sql.listWaiting[order](search, status);
    return this.#sql[status < FIRST_FINAL_CODE ? 'listHeld' : 'listEnded'][order](search, status);
  }

  #withPrefix(search: Search, how: { prefix: string; qualified: boolean; order: Direction }): readonly Place[] {
    const { prefix, qualified, order } = how;
    const { targetIds, ...rest } = search;
    const names: PrefixSearch = {
      ...rest,
      targetId: qualified ? (targetIds[0] ?? null) : null,
      idFrom: prefix,
      idBefore: prefix + AFTER_ALL_TEXT,
    };
    for (const effort of EFFORTS) {
      if (this.#sql.countByPrefix(names, effort + 1) <= effort) break;
      const found = this.#amongFirst(search, { prefix, order, effort });
      if (found !== undefined) return found;
    }
    return this.#sql.listByPrefix[order](names);
  }

  /** Undefined when the tasks that come first in time do not fill the page. */
  #amongFirst(
    search: Search,
    { prefix, order, effort }: { prefix: string; order: Direction; effort: number },
  ): readonly Place[] | undefined {
    const found: Place[] = [];
    let { start } = search;
    const atOnce = Math.min(LOOKED_AT_ONCE, effort);
    for (let lookedAt = 0; lookedAt < effort; lookedAt += atOnce) {
      const places = this.#inOrder({ ...search, start, limit: atOnce }, order);
      for (const place of places) {
        if (!this.#sql.readTaskId(place[1]).startsWith(prefix)) continue;
        found.push(place);
        if (found.length === search.limit) return found;
      }
      const last = places.at(-1);
      if (last === undefined || places.length < atOnce) return found;
      start = last;
    }
    return undefined;
  }
}

/** From the cursor or the near end of the window, to its far end. */
function rangeOf({ order, after, acceptedFromMs, acceptedToMs }: TaskQuery): { start: Place; lastMs: number } {
  const fromMs = acceptedFromMs ?? EARLIEST_MS;
  const toMs = acceptedToMs ?? LATEST_MS;
  // No task has this number, so the place lies just before the first task of the window.
  const edge: Place = order === 'oldest-first' ? [fromMs, 0] : [toMs, Number.MAX_SAFE_INTEGER];
  const cursor: Place | undefined = after && [after.acceptedAtMs, after.sequence];
  const start = cursor !== undefined && comesAfter(cursor, edge, order) ? cursor : edge;
  return { start, lastMs: order === 'oldest-first' ? toMs : fromMs };
}

function comesAfter(a: Place, b: Place, order: Direction): boolean {
  return (order === 'oldest-first' ? 1 : -1) * compare(a, b) > 0;
}

function sorted(places: Place[], order: Direction): Place[] {
  return places.sort(order === 'oldest-first' ? compare : (a, b) => compare(b, a));
}

function compare(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1];
}
