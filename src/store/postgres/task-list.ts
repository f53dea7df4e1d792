/** Reads one page of a list; chooses the way to it. */
import { TASK_STATUSES } from '../../core/task.ts';
import { withinPageBytes } from '../page-bytes.ts';
import type { TaskPage, TaskQuery } from '../store.ts';
import { statusCode } from '../task-row.ts';
import type { Session } from './session.ts';
import {
  countByPrefix,
  type PageSearch,
  type Place,
  type PrefixSearch,
  readAmongFirst,
  readByPrefix,
  readByTime,
} from './sql/task-lists.ts';
import type { Row } from './statement.ts';
import { unpackStoredTask } from './task-packing.ts';

/**
 * A prefix that few names have is found by sorting them; one that many have, by looking at tasks in the order of time, as
 * some of its own come early there. Little of either is tried first, which is nearly always enough: each look reads as many
 * tasks of each state and qualifier. After the last effort all names are sorted.
 */
const EFFORTS = [
  { namesMax: 2_000, lookedAtPages: 10 },
  { namesMax: 20_000, lookedAtPages: 100 },
] as const;

const EARLIEST_MS = -Number.MAX_SAFE_INTEGER;
const LATEST_MS = Number.MAX_SAFE_INTEGER;
const AFTER_ALL_TEXT = '\u{10ffff}';
const ALL_STATUSES = TASK_STATUSES.map(statusCode);

export async function listTasks(session: Session, query: TaskQuery): Promise<TaskPage> {
  // One more than asked for tells whether another page follows.
  const rows = await readRows(session, query, searchOf(query, query.limit + 1));
  const whole = rows
    .slice(0, query.limit)
    .map(([id, ...row]) => ({ sequence: Number(id), stored: unpackStoredTask(row) }));
  const page = withinPageBytes(whole, ({ stored }) => stored);
  const last = page.at(-1);
  const hasMore = rows.length > page.length && last !== undefined;
  return {
    tasks: page.map(({ stored }) => stored),
    next: hasMore ? { acceptedAtMs: last.stored.task.acceptedAtMs, sequence: last.sequence } : null,
  };
}

async function readRows(session: Session, { idPrefix = '', order }: TaskQuery, search: PageSearch): Promise<Row[]> {
  if (idPrefix === '') return await readByTime(session, order, search);
  const named: PrefixSearch = { ...search, idFrom: idPrefix, idBefore: idPrefix + AFTER_ALL_TEXT };
  for (const { namesMax, lookedAtPages } of EFFORTS) {
    if ((await countByPrefix(session, named, namesMax + 1)) <= namesMax) break;
    const found = await readAmongFirst(session, order, { ...named, lookedAtMax: named.limit * lookedAtPages });
    if (found.length === named.limit) return found;
  }
  return await readByPrefix(session, order, named);
}

/** From the cursor or the near end of the window, to its far end. */
function searchOf(query: TaskQuery, limit: number): PageSearch {
  const { account, functionName, qualifier = null, status, order, after, includePayload } = query;
  const fromMs = query.acceptedFromMs ?? EARLIEST_MS;
  const toMs = query.acceptedToMs ?? LATEST_MS;
  const oldestFirst = order === 'oldest-first';
  // No task has this number, so the place lies just before the first task of the window.
  const edge: Place = oldestFirst ? [fromMs, 0] : [toMs, Number.MAX_SAFE_INTEGER];
  const cursor: Place = after === undefined ? edge : [after.acceptedAtMs, after.sequence];
  return {
    account,
    functionName,
    qualifier,
    statuses: status === undefined ? ALL_STATUSES : [statusCode(status)],
    start: comesAfter(cursor, edge) === oldestFirst ? cursor : edge,
    lastMs: oldestFirst ? toMs : fromMs,
    limit,
    includePayload,
  };
}

function comesAfter(a: Place, b: Place): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
}
