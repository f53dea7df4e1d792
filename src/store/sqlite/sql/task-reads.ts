/** Statements on `task` and `task_name` that only read. */
import type { DatabaseSync } from 'node:sqlite';
import type { TaskRow } from '../../task-row.ts';
import { type NumberedRow, TASK_ROW, WITH_NAMES } from './tasks.ts';

export function readTask(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT task.id, ${TASK_ROW}
    FROM interned_function AS named CROSS JOIN task_name USING (function_id)
    CROSS JOIN task ON task.id = task_name.id ${WITH_NAMES}
    WHERE named.account = ? AND named.function_name = ? AND task_name.task_id = ?`);
  statement.setReturnArrays(true);
  return (account: string, functionName: string, taskId: string): NumberedRow | undefined =>
    statement.get(account, functionName, taskId) as unknown as NumberedRow | undefined;
}

export function readNumberedTask(database: DatabaseSync) {
  const statement = database.prepare(`SELECT ${TASK_ROW} FROM task ${WITH_NAMES} WHERE task.id = ?`);
  statement.setReturnArrays(true);
  return (id: number): TaskRow | undefined => statement.get(id) as unknown as TaskRow | undefined;
}

/** When the next waiting task of each function is due; one seek a function. */
export function readWaitingFunctions(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT account, function_name, next_due_at_ms FROM (
      SELECT account, function_name,
        (SELECT min(due_at_ms) FROM task INDEXED BY task_due
         WHERE status <= 1 AND task.function_id = interned_function.function_id) AS next_due_at_ms
      FROM interned_function)
    WHERE next_due_at_ms IS NOT NULL`);
  statement.setReturnArrays(true);
  return () => statement.all() as unknown as [account: string, functionName: string, nextDueAtMs: number][];
}

/** Waiting tasks by their limit of age, and claimed ones that were not started: those are few. */
export function readExpired(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT ${TASK_ROW} FROM (
      SELECT id, expires_at_ms FROM task INDEXED BY task_expiry WHERE status <= 1 AND expires_at_ms <= ?1
      UNION ALL
      SELECT id, expires_at_ms FROM (
        SELECT id, expires_at_ms FROM task INDEXED BY task_held
        WHERE status BETWEEN 2 AND 4 AND status = 2 AND expires_at_ms <= ?1 ORDER BY expires_at_ms, id)
      ORDER BY 2, 1 LIMIT ?2) AS old
    CROSS JOIN task ON task.id = old.id ${WITH_NAMES}
    ORDER BY old.expires_at_ms, old.id`);
  statement.setReturnArrays(true);
  return (nowMs: number, limit: number): TaskRow[] => statement.all(nowMs, limit) as unknown as TaskRow[];
}

/** Held tasks of owners that are not in the list (JSON). */
export function readLapsed(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT ${TASK_ROW} FROM task INDEXED BY task_held ${WITH_NAMES}
    WHERE task.status BETWEEN 2 AND 4 AND task.owner NOT IN (SELECT value FROM json_each(?))
    LIMIT ?`);
  statement.setReturnArrays(true);
  return (livingNodes: readonly string[], limit: number): TaskRow[] =>
    statement.all(JSON.stringify(livingNodes), limit) as unknown as TaskRow[];
}
