/** Statements on `task` that write: each does a whole batch in one commit. */
import { CHANGING_COLUMNS, NAME_COUNT, type SqlText, type TaskRow } from '../../task-row.ts';
import { arrayOf } from '../array-text.ts';
import type { Session } from '../session.ts';
import type { Row, SqlValue, Statement } from '../statement.ts';
import { countChanges } from './live-counts.ts';
import { type TargetNames, targetArrays } from './names.ts';
import type { GivenTime } from './now.ts';
import { occupied } from './places.ts';
import { COLUMNS, columnArrays, columnsOf, TASK_ROW, WITH_NAMES } from './task-columns.ts';

/** Where the bytes of one member of a batch lie in those of all. */
export interface BytesPlace {
  readonly at: number;
  readonly length: number;
}

export interface NewTaskRows {
  readonly targets: readonly TargetNames[];
  readonly rows: readonly {
    /** Place in `targets`. */
    readonly target: number;
    readonly row: TaskRow;
    readonly payload: BytesPlace;
  }[];
  /** All payloads. */
  readonly bytes: Uint8Array;
}

/** Ids of one batch differ in this many low bits. */
const PLACE_BITS = 10;
/** Tasks that one batch may have. */
export const TASKS_A_BATCH_MAX = 1000;

/**
 * Nothing is inserted when one of the targets has no number yet; then the first column is false. What belongs to a row is
 * found by its place, in the arrays: joins between the parts of a batch would compare all with all.
 */
const INSERT_TASKS: Statement = {
  name: 'insert_tasks',
  text: `
    WITH target AS MATERIALIZED (
      SELECT count(*) = cardinality($1::text[]) AS is_known,
        array_agg(interned_target.function_id ORDER BY wanted.number) AS function_ids,
        array_agg(interned_target.target_id ORDER BY wanted.number) AS target_ids
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (account, function_name, qualifier, number)
      JOIN interned_function USING (account, function_name)
      JOIN interned_target USING (function_id, qualifier)
    ), batch AS MATERIALIZED (
      SELECT nextval('task_batch') << ${PLACE_BITS} AS first_id
    ), inserted AS (
      INSERT INTO task (id, function_id, target_id, ${COLUMNS.join(', ')})
      SELECT batch.first_id + new_task.number, target.function_ids[new_task.target_number],
        target.target_ids[new_task.target_number], ${columnsOf('new_task', COLUMNS)}
      FROM target CROSS JOIN batch
      CROSS JOIN unnest($7::integer[], ${columnArrays(COLUMNS, 8)}) WITH ORDINALITY
        AS new_task (target_number, ${COLUMNS.join(', ')}, number)
      WHERE target.is_known
      ON CONFLICT (function_id, task_id) DO NOTHING
      RETURNING id, (id & ${(1 << PLACE_BITS) - 1})::integer AS number, function_id, status
    ), with_payload AS (
      INSERT INTO task_payload (id, bytes)
      SELECT id, substring($4::bytea FROM ($5::integer[])[number] + 1 FOR ($6::integer[])[number]) FROM inserted
    ), counted AS (${countChanges('SELECT function_id, status, 1 AS by FROM inserted')})
    SELECT (SELECT is_known FROM target), (SELECT string_agg(number::text, ',') FROM inserted)`,
};

/** The places of those that are new; undefined when a target has no number and so nothing was done. */
export async function insertTasks(
  session: Session,
  { targets, rows, bytes }: NewTaskRows,
  run: 'write' | 'query',
): Promise<ReadonlySet<number> | undefined> {
  const columns = COLUMNS.map((_, index) => arrayOf(rows.map(({ row }) => row[NAME_COUNT + index] ?? null)));
  const values: SqlValue[] = [
    ...targetArrays(targets),
    bytes,
    arrayOf(rows.map(({ payload }) => payload.at)),
    arrayOf(rows.map(({ payload }) => payload.length)),
    arrayOf(rows.map(({ target }) => target + 1)),
    ...columns,
  ];
  const [[isKnown, numbers] = []] = await session[run](INSERT_TASKS, values);
  if (isKnown !== true) return undefined;
  return new Set(typeof numbers === 'string' ? numbers.split(',').map((number) => Number(number) - 1) : []);
}

export interface TransitionRows {
  readonly functions: readonly (readonly [account: string, functionName: string])[];
  readonly rows: readonly {
    /** Place in `functions`. */
    readonly function: number;
    readonly taskId: string;
    readonly guard: readonly [status: number, attempt: number, fence: number];
    /** In the order of `CHANGING_COLUMNS`. */
    readonly changing: readonly SqlText[];
    readonly result: (BytesPlace & { readonly totalBytes: number; readonly logTail: string }) | null;
    readonly delivery: { readonly slot: number; readonly destination: string } | null;
  }[];
  /** All results. */
  readonly bytes: Uint8Array;
}

const CHANGE_PARAMETERS = 14;

/** Compare-and-set of many tasks, each at most once, with their results, deliveries and counts. */
const UPDATE_TASKS: Statement = {
  name: 'update_tasks',
  text: `
    WITH named AS MATERIALIZED (
      SELECT array_agg(interned_function.function_id ORDER BY wanted.number) AS function_ids
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (account, function_name, number)
      LEFT JOIN interned_function USING (account, function_name)
    ), change AS MATERIALIZED (
      SELECT named.function_ids[given.function_number] AS function_id, given.*
      FROM named CROSS JOIN unnest(
        $4::integer[], $5::text[], $6::smallint[], $7::integer[], $8::integer[], $9::integer[], $10::integer[],
        $11::bigint[], $12::text[], $13::smallint[], $14::text[], ${columnArrays(CHANGING_COLUMNS, CHANGE_PARAMETERS + 1)}
      ) WITH ORDINALITY AS given (
        function_number, task_id, guard_status, guard_attempt, guard_fence, result_at, result_length,
        total_bytes, log_tail, slot, destination, ${CHANGING_COLUMNS.join(', ')}, number
      )
    ), updated AS (
      UPDATE task SET ${CHANGING_COLUMNS.map((column) => `${column} = change.${column}`).join(', ')}
      FROM change
      WHERE task.function_id = change.function_id AND task.task_id = change.task_id
        AND task.status = change.guard_status AND task.attempt = change.guard_attempt AND task.fence = change.guard_fence
      RETURNING change.number, task.id, task.function_id, task.task_id, task.status, task.ended_at_ms, change.guard_status,
        change.result_at, change.result_length, change.total_bytes, change.log_tail, change.slot, change.destination
    ), with_result AS (
      INSERT INTO task_result (id, bytes, total_bytes, log_tail)
      SELECT id, substring($3::bytea FROM result_at + 1 FOR result_length), total_bytes, log_tail
      FROM updated WHERE total_bytes IS NOT NULL
    ), with_delivery AS (
      INSERT INTO delivery (id, function_id, task_id, slot, destination, due_at_ms, try_count)
      SELECT id, function_id, task_id, slot, destination, coalesce(ended_at_ms, 0), 0
      FROM updated WHERE destination IS NOT NULL ORDER BY number
    ), counted AS (${countChanges(`
      SELECT function_id, guard_status AS status, -1 AS by FROM updated
      UNION ALL SELECT function_id, status, 1 FROM updated`)})
    SELECT number FROM updated`,
};

/** The places of those whose guard held. */
export async function updateTasks(
  session: Session,
  { functions, rows, bytes }: TransitionRows,
  run: 'write' | 'query',
): Promise<ReadonlySet<number>> {
  const values: SqlValue[] = [
    arrayOf(functions.map(([account]) => account)),
    arrayOf(functions.map(([, functionName]) => functionName)),
    bytes,
    arrayOf(rows.map((row) => row.function + 1)),
    arrayOf(rows.map(({ taskId }) => taskId)),
    arrayOf(rows.map(({ guard: [status] }) => status)),
    arrayOf(rows.map(({ guard: [, attempt] }) => attempt)),
    arrayOf(rows.map(({ guard: [, , fence] }) => fence)),
    arrayOf(rows.map(({ result }) => result?.at ?? null)),
    arrayOf(rows.map(({ result }) => result?.length ?? null)),
    arrayOf(rows.map(({ result }) => result?.totalBytes ?? null)),
    arrayOf(rows.map(({ result }) => result?.logTail ?? null)),
    arrayOf(rows.map(({ delivery }) => delivery?.slot ?? null)),
    arrayOf(rows.map(({ delivery }) => delivery?.destination ?? null)),
    ...CHANGING_COLUMNS.map((_, index) => arrayOf(rows.map(({ changing }) => changing[index] ?? null))),
  ];
  const found = await session[run](UPDATE_TASKS, values);
  return new Set(found.map(([number]) => Number(number) - 1));
}

/**
 * When a task's last step was. Not read as JSON, which the engine refuses where a message holds a NUL or half of a
 * surrogate pair, both of which user code may throw: a step is at the end of the text, and no text within one ends like it.
 */
const LAST_TIME = String.raw`
  substring(task.history from '\[[0-9]+,(-?[0-9]+)(?:,(?:null|"(?:[^"\\]|\\.)*"),(?:null|"(?:[^"\\]|\\.)*"))?\]\]$')::bigint`.trim();

/**
 * Claims due, unexpired tasks, earliest due first: the core's decision on `claim`, written again for the sake of one
 * round trip. Tests hold the two to the same answers.
 */
const CLAIM_TASKS: Statement = {
  name: 'claim_tasks',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT function_id, account, function_name, min(number) AS number, sum(task_limit) AS task_limit, min(bound) AS bound
      FROM unnest($1::text[], $2::text[], $3::integer[], $6::bigint[]) WITH ORDINALITY
        AS wanted (account, function_name, task_limit, bound, number)
      JOIN interned_function USING (account, function_name)
      GROUP BY function_id, account, function_name
    ), request AS MATERIALIZED (
      SELECT function_id, number,
        CASE WHEN bound IS NULL THEN task_limit
          ELSE least(task_limit, greatest(0, bound - ${occupied('wanted', '$7')})) END AS task_limit
      FROM wanted
    ), chosen AS MATERIALIZED (
      SELECT request.number, found.* FROM request CROSS JOIN LATERAL (
        SELECT function_id, task_id, status, due_at_ms FROM task
        WHERE status <= 1 AND function_id = request.function_id AND due_at_ms <= $5 AND expires_at_ms > $5
        ORDER BY due_at_ms, id LIMIT request.task_limit
        FOR NO KEY UPDATE SKIP LOCKED) AS found
    ), claimed AS (
      UPDATE task SET
        status = 2, owner = $4, fence = task.fence + 1,
        -- A history never runs backward, even where the clock does.
        history = CASE task.history WHEN '[]' THEN '[' ELSE left(task.history, -1) || ',' END
          || '[2,' || greatest($5, ${LAST_TIME}) || ']]'
      FROM chosen WHERE task.function_id = chosen.function_id AND task.task_id = chosen.task_id
      RETURNING chosen.number, chosen.status AS status_before, task.*
    ), counted AS (${countChanges(`
      SELECT function_id, status_before AS status, -1 AS by FROM claimed
      UNION ALL SELECT function_id, status, 1 FROM claimed`)})
    SELECT task_payload.bytes, ${TASK_ROW}
    FROM claimed AS task ${WITH_NAMES} JOIN task_payload ON task_payload.id = task.id
    ORDER BY task.number, task.due_at_ms, task.id`,
};

export interface ClaimRows {
  readonly requests: readonly {
    readonly account: string;
    readonly functionName: string;
    readonly limit: number;
    /** Null: none. Others need the function's lock (`lockBounds`). */
    readonly concurrencyMax: number | null;
  }[];
  readonly owner: string;
  readonly nowMs: number;
  /** What leases are compared with. */
  readonly leaseTime: GivenTime;
}

/** Payloads with the rows of their tasks behind. */
export async function claimTasks(session: Session, claim: ClaimRows, run: 'write' | 'query'): Promise<Row[]> {
  const { requests, owner, nowMs, leaseTime } = claim;
  return await session[run](CLAIM_TASKS, [
    arrayOf(requests.map(({ account }) => account)),
    arrayOf(requests.map(({ functionName }) => functionName)),
    arrayOf(requests.map(({ limit }) => limit)),
    owner,
    nowMs,
    arrayOf(requests.map(({ concurrencyMax }) => concurrencyMax)),
    leaseTime,
  ]);
}

/**
 * Removes ended tasks without a pending delivery, oldest end first: tracked ones before a time, the others at any. One
 * node does so at a time; the others find nothing to do.
 */
const DELETE_ENDED: Statement = {
  name: 'delete_ended',
  text: `
    WITH removable AS MATERIALIZED (
      SELECT function_id, task_id FROM (
        (SELECT function_id, task_id, ended_at_ms, id FROM task
         WHERE status >= 5 AND tracked = 1 AND ended_at_ms < $1
           AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = task.id)
         ORDER BY ended_at_ms, id LIMIT $2)
        UNION ALL
        (SELECT function_id, task_id, ended_at_ms, id FROM task
         WHERE status >= 5 AND tracked = 0
           AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = task.id)
         ORDER BY ended_at_ms, id LIMIT $2)
        ORDER BY ended_at_ms, id LIMIT $2) AS oldest
      WHERE (SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || ' retention')))
    ), removed AS (
      DELETE FROM task USING removable
      WHERE task.function_id = removable.function_id AND task.task_id = removable.task_id AND task.status >= 5
      RETURNING task.id
    ), without_payload AS (
      DELETE FROM task_payload USING removed WHERE task_payload.id = removed.id
    ), without_result AS (
      DELETE FROM task_result USING removed WHERE task_result.id = removed.id
    )
    SELECT count(*) FROM removed`,
};

export async function deleteEnded(session: Session, trackedBeforeMs: number, limit: number): Promise<number> {
  const [[count] = []] = await session.write(DELETE_ENDED, [trackedBeforeMs, limit]);
  return Number(count);
}
