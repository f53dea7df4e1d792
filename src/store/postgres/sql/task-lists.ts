/** Statements that read one page of a list, in the order of acceptance. */
import { arrayOf } from '../array-text.ts';
import type { Session } from '../session.ts';
import type { Row, SqlValue, Statement } from '../statement.ts';
import { RESULT_ROW, TASK_ROW, WITH_NAMES } from './task-columns.ts';

export type Direction = 'oldest-first' | 'newest-first';

/** A place in the order of acceptance. */
export type Place = readonly [acceptedAtMs: number, id: number];

export interface PageSearch {
  readonly account: string;
  readonly functionName: string;
  /** Null: any. */
  readonly qualifier: string | null;
  /** Codes. */
  readonly statuses: readonly number[];
  /** Strictly after this place. */
  readonly start: Place;
  /** Up to this time (included). */
  readonly lastMs: number;
  readonly limit: number;
  readonly includePayload: boolean;
}

export interface PrefixSearch extends PageSearch {
  /** Ids `from <= id < before`. */
  readonly idFrom: string;
  readonly idBefore: string;
}

const OPERATORS = {
  'oldest-first': { after: '>', upTo: '<=', order: 'ASC' },
  'newest-first': { after: '<', upTo: '>=', order: 'DESC' },
} as const;

const TARGETS = `
  SELECT interned_target.function_id, interned_target.target_id
  FROM interned_function JOIN interned_target USING (function_id)
  WHERE account = $1 AND function_name = $2 AND ($3::text IS NULL OR qualifier = $3)`;

/** The page's rows: place, bytes, the task. `found` is a query of all columns of `task`. */
function pageOf(found: string, order: 'ASC' | 'DESC'): string {
  return `
    SELECT task.id, task_payload.bytes, ${RESULT_ROW}, ${TASK_ROW}
    FROM (${found} ORDER BY accepted_at_ms ${order}, id ${order} LIMIT $8) AS task ${WITH_NAMES}
    LEFT JOIN task_result ON task_result.id = task.id
    LEFT JOIN task_payload ON $9 AND task_payload.id = task.id
    ORDER BY task.accepted_at_ms ${order}, task.id ${order}`;
}

/** The first of each qualifier and state out of the index that they have in common, merged. */
function listByTime(direction: Direction): Statement {
  const { after, upTo, order } = OPERATORS[direction];
  return {
    name: `list_by_time_${order.toLowerCase()}`,
    text: `WITH target AS MATERIALIZED (${TARGETS}) ${pageOf(
      `
      SELECT found.* FROM target CROSS JOIN unnest($4::smallint[]) AS wanted (status) CROSS JOIN LATERAL (
        SELECT * FROM task
        WHERE task.tracked = 1 AND task.target_id = target.target_id AND task.status = wanted.status
          AND (task.accepted_at_ms, task.id) ${after} ($5::bigint, $6::bigint) AND task.accepted_at_ms ${upTo} $7
        ORDER BY task.accepted_at_ms ${order}, task.id ${order} LIMIT $8) AS found`,
      order,
    )}`,
  };
}

/** As by time, but only those that have the prefix of the first ones that are looked at. */
function listAmongFirst(direction: Direction): Statement {
  const { after, upTo, order } = OPERATORS[direction];
  return {
    name: `list_among_first_${order.toLowerCase()}`,
    text: `WITH target AS MATERIALIZED (${TARGETS}) ${pageOf(
      `
      SELECT looked_at.* FROM (
        SELECT found.* FROM target CROSS JOIN unnest($4::smallint[]) AS wanted (status) CROSS JOIN LATERAL (
          SELECT * FROM task
          WHERE task.tracked = 1 AND task.target_id = target.target_id AND task.status = wanted.status
            AND (task.accepted_at_ms, task.id) ${after} ($5::bigint, $6::bigint) AND task.accepted_at_ms ${upTo} $7
          ORDER BY task.accepted_at_ms ${order}, task.id ${order} LIMIT $12) AS found
        ORDER BY found.accepted_at_ms ${order}, found.id ${order} LIMIT $12) AS looked_at
      WHERE looked_at.task_id >= $10 AND looked_at.task_id < $11`,
      order,
    )}`,
  };
}

/**
 * Reads every task of the prefix and keeps the first ones in order: right when they are few. OFFSET 0 keeps the other
 * conditions out of the choice of an index: without statistics the planner took the one of the states, and read all tasks of
 * the function.
 */
function listByPrefix(direction: Direction): Statement {
  const { after, upTo, order } = OPERATORS[direction];
  return {
    name: `list_by_prefix_${order.toLowerCase()}`,
    text: `WITH target AS MATERIALIZED (${TARGETS}) ${pageOf(
      `
      SELECT named.* FROM (
        SELECT * FROM task
        WHERE function_id = (SELECT function_id FROM target LIMIT 1) AND task_id >= $10 AND task_id < $11
        OFFSET 0) AS named
      WHERE named.tracked = 1 AND named.target_id IN (SELECT target_id FROM target) AND named.status = ANY ($4::smallint[])
        AND (named.accepted_at_ms, named.id) ${after} ($5::bigint, $6::bigint) AND named.accepted_at_ms ${upTo} $7`,
      order,
    )}`,
  };
}

function inBothDirections(statement: (direction: Direction) => Statement): Readonly<Record<Direction, Statement>> {
  return { 'oldest-first': statement('oldest-first'), 'newest-first': statement('newest-first') };
}

const LIST_BY_TIME = inBothDirections(listByTime);
const LIST_AMONG_FIRST = inBothDirections(listAmongFirst);
const LIST_BY_PREFIX = inBothDirections(listByPrefix);

/** Rows of a page: number, payload, result, then the task's. */
export async function readByTime(session: Session, direction: Direction, search: PageSearch): Promise<Row[]> {
  return await session.query(LIST_BY_TIME[direction], searchValues(search));
}

export async function readAmongFirst(
  session: Session,
  direction: Direction,
  search: PrefixSearch & { readonly lookedAtMax: number },
): Promise<Row[]> {
  const values = [...searchValues(search), search.idFrom, search.idBefore, search.lookedAtMax];
  return await session.query(LIST_AMONG_FIRST[direction], values);
}

export async function readByPrefix(session: Session, direction: Direction, search: PrefixSearch): Promise<Row[]> {
  const values = [...searchValues(search), search.idFrom, search.idBefore];
  return await session.query(LIST_BY_PREFIX[direction], values);
}

function searchValues(search: PageSearch): SqlValue[] {
  const { account, functionName, qualifier, statuses, start, lastMs, limit, includePayload } = search;
  return [account, functionName, qualifier, arrayOf(statuses), ...start, lastMs, limit, includePayload];
}

const COUNT_BY_PREFIX: Statement = {
  name: 'count_by_prefix',
  text: `
    SELECT count(*) FROM (
      SELECT 1 FROM task
      WHERE function_id = (SELECT function_id FROM interned_function WHERE account = $1 AND function_name = $2)
        AND task_id >= $3 AND task_id < $4
      LIMIT $5) AS named`,
};

/** How many tasks have the prefix, counted no further than the limit. */
export async function countByPrefix(session: Session, search: PrefixSearch, limit: number): Promise<number> {
  const { account, functionName, idFrom, idBefore } = search;
  const [[count] = []] = await session.query(COUNT_BY_PREFIX, [account, functionName, idFrom, idBefore, limit]);
  return Number(count);
}
