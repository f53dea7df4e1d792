/** Statements on `task` that only read. */
import type { TaskKey } from '../../../core/task.ts';
import { arrayOf } from '../array-text.ts';
import type { Session } from '../session.ts';
import type { Row, Statement } from '../statement.ts';
import { RESULT_ROW, TASK_ROW, WITH_NAMES } from './task-columns.ts';

const READ_TASKS: Statement = {
  name: 'read_tasks',
  text: `
    SELECT wanted.number, ${TASK_ROW}
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (account, function_name, task_id, number)
    JOIN interned_function USING (account, function_name)
    JOIN task ON task.function_id = interned_function.function_id AND task.task_id = wanted.task_id
    JOIN interned_target ON interned_target.target_id = task.target_id`,
};

/** Rows of those that exist, each with its place among the keys (from 1) in front. */
export async function readTasks(session: Session, keys: readonly TaskKey[]): Promise<Row[]> {
  return await session.query(READ_TASKS, keyArrays(keys));
}

const READ_STORED_TASKS: Statement = {
  name: 'read_stored_tasks',
  text: `
    SELECT wanted.number, task_payload.bytes, ${RESULT_ROW}, ${TASK_ROW}
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (account, function_name, task_id, number)
    JOIN interned_function USING (account, function_name)
    JOIN task ON task.function_id = interned_function.function_id AND task.task_id = wanted.task_id
    JOIN interned_target ON interned_target.target_id = task.target_id
    LEFT JOIN task_payload ON task_payload.id = task.id
    LEFT JOIN task_result ON task_result.id = task.id
    WHERE task.tracked = 1`,
};

/** As `readTasks`, with payload and result before each task's row, and only the tracked. */
export async function readStoredTasks(session: Session, keys: readonly TaskKey[]): Promise<Row[]> {
  return await session.query(READ_STORED_TASKS, keyArrays(keys));
}

function keyArrays(keys: readonly TaskKey[]): [string, string, string] {
  return [
    arrayOf(keys.map(({ account }) => account)),
    arrayOf(keys.map(({ functionName }) => functionName)),
    arrayOf(keys.map(({ taskId }) => taskId)),
  ];
}

/** When the next waiting task of each function is due. One seek a function that has any: the index is stepped through by function. */
const READ_WAITING_FUNCTIONS: Statement = {
  name: 'read_waiting_functions',
  text: `
    WITH RECURSIVE waiting AS (
      (SELECT function_id, due_at_ms FROM task WHERE status <= 1 ORDER BY function_id, due_at_ms LIMIT 1)
      UNION ALL
      SELECT next.function_id, next.due_at_ms FROM waiting CROSS JOIN LATERAL (
        SELECT function_id, due_at_ms FROM task
        WHERE status <= 1 AND function_id > waiting.function_id
        ORDER BY function_id, due_at_ms LIMIT 1) AS next)
    SELECT account, function_name, due_at_ms FROM waiting JOIN interned_function USING (function_id)`,
};

type WaitingRow = readonly [account: string, functionName: string, nextDueAtMs: number];

export async function readWaitingFunctions(session: Session): Promise<readonly WaitingRow[]> {
  return (await session.query(READ_WAITING_FUNCTIONS)) as unknown as WaitingRow[];
}

/** Waiting tasks by their limit of age, and claimed ones that were not started: those are few. */
const READ_EXPIRED: Statement = {
  name: 'read_expired',
  text: `
    SELECT ${TASK_ROW} FROM (
      (SELECT * FROM task WHERE status <= 1 AND expires_at_ms <= $1 ORDER BY expires_at_ms, id LIMIT $2)
      UNION ALL
      (SELECT * FROM task WHERE status BETWEEN 2 AND 4 AND status = 2 AND expires_at_ms <= $1
       ORDER BY expires_at_ms, id LIMIT $2)
      ORDER BY expires_at_ms, id LIMIT $2) AS task ${WITH_NAMES}
    ORDER BY task.expires_at_ms, task.id`,
};

export async function readExpired(session: Session, nowMs: number, limit: number): Promise<Row[]> {
  return await session.query(READ_EXPIRED, [nowMs, limit]);
}
