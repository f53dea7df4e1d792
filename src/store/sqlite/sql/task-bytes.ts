/** Statements on `task_payload` and `task_result`: bytes that a change of state never touches. */
import type { DatabaseSync } from 'node:sqlite';

export function insertPayload(database: DatabaseSync) {
  const statement = database.prepare('INSERT INTO task_payload (id, bytes) VALUES (?, ?)');
  return (id: number, bytes: Uint8Array): void => {
    statement.run(id, bytes);
  };
}

export function readPayload(database: DatabaseSync) {
  const statement = database.prepare('SELECT bytes FROM task_payload WHERE id = ?');
  return (id: number): Uint8Array => (statement.get(id)?.['bytes'] as Uint8Array | undefined) ?? new Uint8Array();
}

export function deletePayload(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM task_payload WHERE id = ?');
  return (id: number): void => {
    statement.run(id);
  };
}

export function putResult(database: DatabaseSync) {
  const statement = database.prepare(
    'INSERT OR REPLACE INTO task_result (id, bytes, total_bytes, log_tail) VALUES (?, ?, ?, ?)',
  );
  return (...row: [id: number, bytes: Uint8Array, totalBytes: number, logTail: string]): void => {
    statement.run(...row);
  };
}

export type ResultRow = readonly [bytes: Uint8Array, totalBytes: number, logTail: string];

export function readResult(database: DatabaseSync) {
  const statement = database.prepare('SELECT bytes, total_bytes, log_tail FROM task_result WHERE id = ?');
  statement.setReturnArrays(true);
  return (id: number): ResultRow | undefined => statement.get(id) as unknown as ResultRow | undefined;
}

export function deleteResult(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM task_result WHERE id = ?');
  return (id: number): void => {
    statement.run(id);
  };
}
