/** Statements on `task` and `task_name` that write, and those that find what is to be written. */
import type { DatabaseSync } from 'node:sqlite';
import type { PackedGuard } from '../thread-protocol.ts';
import { CHANGING_COLUMNS, FIXED_COLUMNS, type SqlText, type TaskRow } from '../../task-row.ts';

const COLUMNS = [...FIXED_COLUMNS, ...CHANGING_COLUMNS];

/** A row as of `task-row.ts`, out of `task`: CROSS JOIN keeps the planner from beginning with the names. */
export const TASK_ROW = `interned_function.account, interned_function.function_name, interned_target.qualifier, ${COLUMNS.map((column) => `task.${column}`).join(', ')}`;
export const WITH_NAMES = `
  CROSS JOIN interned_target ON interned_target.target_id = task.target_id
  CROSS JOIN interned_function ON interned_function.function_id = task.function_id`;

/** A task row with its number in front. */
export type NumberedRow = readonly [id: number, ...row: TaskRow];

/** False when the function has a task of this id. */
export function insertTaskName(database: DatabaseSync) {
  const statement = database.prepare(`
    INSERT INTO task_name (function_id, task_id, id, target_id, accepted_at_ms, tracked)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  return (...row: [functionId: number, taskId: SqlText, ...rest: SqlText[]]): boolean =>
    statement.run(...row).changes === 1;
}

export function insertTask(database: DatabaseSync) {
  const statement = database.prepare(`
    INSERT INTO task (id, function_id, target_id, ${COLUMNS.join(', ')})
    VALUES (?, ?, ?, ${COLUMNS.map(() => '?').join(', ')})`);
  return (id: number, functionId: number, targetId: number, columns: readonly SqlText[]): void => {
    statement.run(id, functionId, targetId, ...columns);
  };
}

export function findTaskNumber(database: DatabaseSync) {
  const statement = database.prepare('SELECT id FROM task_name WHERE function_id = ? AND task_id = ?');
  return (functionId: number, taskId: string): number | undefined =>
    statement.get(functionId, taskId)?.['id'] as number | undefined;
}

/**
 * Compare-and-set. False when the record is no longer as the guard says. What breaks a rule of the database ends the
 * transaction: a statement that might be undone alone costs a copy of each page that it changes.
 */
export function updateTask(database: DatabaseSync) {
  const statement = database.prepare(`
    UPDATE OR ROLLBACK task SET ${CHANGING_COLUMNS.map((column) => `${column} = ?`).join(', ')}
    WHERE id = ? AND status = ? AND attempt = ? AND fence = ?`);
  return (id: number, guard: PackedGuard, changing: readonly SqlText[]): boolean =>
    statement.run(...changing, id, ...guard).changes === 1;
}

/** Due and unexpired, earliest due first. */
export function findClaimable(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT task.id, ${TASK_ROW}
    FROM task INDEXED BY task_due ${WITH_NAMES}
    WHERE task.status <= 1 AND task.function_id = ? AND task.due_at_ms <= ? AND task.expires_at_ms > ?
    ORDER BY task.due_at_ms, task.id LIMIT ?`);
  statement.setReturnArrays(true);
  return (functionId: number, nowMs: number, limit: number): NumberedRow[] =>
    statement.all(functionId, nowMs, nowMs, limit) as unknown as NumberedRow[];
}

export function setDestinationStatus(database: DatabaseSync) {
  const statement = database.prepare('UPDATE task SET destination_status = ? WHERE id = ?');
  return (destinationStatus: number, id: number): void => {
    statement.run(destinationStatus, id);
  };
}

/** Ended, without a pending delivery, oldest end first: tracked ones before a time, the others at any. */
export function findRemovable(database: DatabaseSync) {
  const statement = database.prepare(`
    SELECT id, function_id, task_id, ended_at_ms FROM task INDEXED BY task_ended
    WHERE status >= 5 AND tracked = 1 AND ended_at_ms < ?
      AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = task.id)
    UNION ALL
    SELECT id, function_id, task_id, ended_at_ms FROM task INDEXED BY task_ended
    WHERE status >= 5 AND tracked = 0
      AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = task.id)
    ORDER BY ended_at_ms, id LIMIT ?`);
  statement.setReturnArrays(true);
  return (trackedBeforeMs: number, limit: number) =>
    statement.all(trackedBeforeMs, limit) as unknown as [id: number, functionId: number, taskId: string][];
}

export function deleteTask(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM task WHERE id = ?');
  return (id: number): void => {
    statement.run(id);
  };
}

export function deleteTaskName(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM task_name WHERE function_id = ? AND task_id = ?');
  return (functionId: number, taskId: string): void => {
    statement.run(functionId, taskId);
  };
}

export function lastTaskNumber(database: DatabaseSync): number {
  return Number(database.prepare('SELECT max(id) AS last FROM task').get()?.['last'] ?? 0);
}

type LiveCount = readonly [functionId: number, status: number, count: number];

/** Waiting tasks by function and status code, out of an index in its own order: 1 million take 0.1 s, sorted by status 0.3 s. */
export function countWaiting(database: DatabaseSync): LiveCount[] {
  const statement = database.prepare(`
    SELECT function_id, sum(status = 0), sum(status = 1) FROM task INDEXED BY task_due
    WHERE status <= 1 GROUP BY function_id`);
  statement.setReturnArrays(true);
  const rows = statement.all() as unknown as [functionId: number, enqueued: number, retrying: number][];
  return rows.flatMap(([functionId, enqueued, retrying]): LiveCount[] => [
    [functionId, 0, enqueued],
    [functionId, 1, retrying],
  ]);
}

export function countHeld(database: DatabaseSync): LiveCount[] {
  const statement = database.prepare(`
    SELECT function_id, status, count(*) FROM task INDEXED BY task_held
    WHERE status BETWEEN 2 AND 4 GROUP BY function_id, status`);
  statement.setReturnArrays(true);
  return statement.all() as unknown as LiveCount[];
}
