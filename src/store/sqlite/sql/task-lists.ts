/**
 * Statements that find one page's tasks in the order of acceptance.
 *
 * A list continues after a place (time, number). `(time, id) > (?, ?)` is read by SQLite as a range of times only, so
 * that a page in the middle of 300,000 tasks of one millisecond took 30 ms; the rest of that millisecond and all later
 * ones are therefore two ranges, merged in order (0.03 ms).
 */
import type { DatabaseSync } from 'node:sqlite';

/** A place in the order of acceptance. */
export type Place = readonly [acceptedAtMs: number, id: number];

export type Direction = 'oldest-first' | 'newest-first';

/** Places strictly after `start`, up to `lastMs` (included), in a direction. */
export interface PlaceRange {
  readonly start: Place;
  readonly lastMs: number;
}

const OPERATORS = {
  'oldest-first': { after: '>', upTo: '<=', order: 'ASC' },
  'newest-first': { after: '<', upTo: '>=', order: 'DESC' },
} as const;

function inOrder(direction: Direction, from: string, condition: string): string {
  const { after, upTo, order } = OPERATORS[direction];
  return `
    SELECT accepted_at_ms, id FROM ${from}
    WHERE ${condition} AND accepted_at_ms = :startMs AND id ${after} :startId AND accepted_at_ms ${upTo} :lastMs
    UNION ALL
    SELECT accepted_at_ms, id FROM ${from}
    WHERE ${condition} AND accepted_at_ms ${after} :startMs AND accepted_at_ms ${upTo} :lastMs
    ORDER BY accepted_at_ms ${order}, id ${order} LIMIT :limit`;
}

/** For statements that look at each row by itself. */
function isInRange(direction: Direction): string {
  const { after, upTo } = OPERATORS[direction];
  return `(accepted_at_ms ${after} :startMs OR (accepted_at_ms = :startMs AND id ${after} :startId))
      AND accepted_at_ms ${upTo} :lastMs`;
}

export interface TargetSearch extends PlaceRange {
  readonly targetId: number;
  readonly limit: number;
}

export function listByTime(database: DatabaseSync, direction: Direction) {
  const statement = database.prepare(
    inOrder(direction, 'task INDEXED BY task_by_time', 'tracked = 1 AND target_id = :targetId'),
  );
  statement.setReturnArrays(true);
  return ({ targetId, start: [startMs, startId], lastMs, limit }: TargetSearch): Place[] =>
    statement.all({ targetId, startMs, startId, lastMs, limit }) as unknown as Place[];
}

/** Tasks that wait or have ended. The range of codes is what tells SQLite that the index has them all. */
export function listByStatus(database: DatabaseSync, direction: Direction, codes: 'status <= 1' | 'status >= 5') {
  const condition = `tracked = 1 AND target_id = :targetId AND ${codes} AND status = :status`;
  const statement = database.prepare(inOrder(direction, 'task INDEXED BY task_by_status', condition));
  statement.setReturnArrays(true);
  return ({ targetId, start: [startMs, startId], lastMs, limit }: TargetSearch, status: number): Place[] =>
    statement.all({ targetId, status, startMs, startId, lastMs, limit }) as unknown as Place[];
}

export interface HeldSearch extends TargetSearch {
  readonly functionId: number;
}

/** Looks at every held task and keeps the first ones of the function in order: they are few, a window for each at most. */
export function listHeld(database: DatabaseSync, direction: Direction) {
  const { order } = OPERATORS[direction];
  const statement = database.prepare(`
    SELECT accepted_at_ms, id FROM task INDEXED BY task_held
    WHERE status BETWEEN 2 AND 4 AND status = :status AND function_id = :functionId
      AND tracked = 1 AND target_id = :targetId AND ${isInRange(direction)}
    ORDER BY accepted_at_ms ${order}, id ${order} LIMIT :limit`);
  statement.setReturnArrays(true);
  return ({ functionId, targetId, start: [startMs, startId], lastMs, limit }: HeldSearch, status: number): Place[] =>
    statement.all({ functionId, targetId, status, startMs, startId, lastMs, limit }) as unknown as Place[];
}

export interface PrefixSearch extends PlaceRange {
  readonly functionId: number;
  readonly idFrom: string;
  readonly idBefore: string;
  /** Null: any. */
  readonly targetId: number | null;
  readonly status: number | null;
  readonly limit: number;
}

/** How many names have the prefix, counted no further than the limit. */
export function countByPrefix(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT count(*) AS count FROM (
      SELECT 1 FROM task_name WHERE function_id = ? AND task_id >= ? AND task_id < ? LIMIT ?)`);
  return ({ functionId, idFrom, idBefore }: PrefixSearch, limit: number): number =>
    Number(statement.get(functionId, idFrom, idBefore, limit)?.['count']);
}

/** Reads every name of the prefix and keeps the first ones in order: right when they are few. */
export function listByPrefix(database: DatabaseSync, direction: Direction) {
  const { order } = OPERATORS[direction];
  const statement = database.prepare(`
    SELECT accepted_at_ms, id FROM task_name
    WHERE function_id = :functionId AND task_id >= :idFrom AND task_id < :idBefore AND tracked = 1
      AND (:targetId IS NULL OR target_id = :targetId)
      AND ${isInRange(direction)}
      AND (:status IS NULL OR :status = (SELECT status FROM task WHERE task.id = task_name.id))
    ORDER BY accepted_at_ms ${order}, id ${order} LIMIT :limit`);
  statement.setReturnArrays(true);
  return ({ start: [startMs, startId], ...search }: PrefixSearch): Place[] =>
    statement.all({ ...search, startMs, startId }) as unknown as Place[];
}

export function readTaskId(database: DatabaseSync) {
  const statement = database.prepare('SELECT task_id FROM task WHERE id = ?');
  return (id: number): string => String(statement.get(id)?.['task_id']);
}
