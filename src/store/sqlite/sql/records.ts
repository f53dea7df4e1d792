/** Statements on `record`; keys are those of `record-path.ts`. */
import type { DatabaseSync } from 'node:sqlite';

type Row = [key: string, document: string, revision: number];

export function readRecord(database: DatabaseSync) {
  const statement = database.prepare('SELECT path, document, revision FROM record WHERE kind = ? AND path = ?');
  statement.setReturnArrays(true);
  return (kind: string, key: string): Row | undefined => statement.get(kind, key) as unknown as Row | undefined;
}

export function listRecords(database: DatabaseSync, direction: 'ASC' | 'DESC') {
  const statement = database.prepare(`
    SELECT path, document, revision FROM record WHERE kind = ? AND path >= ? AND path < ?
    ORDER BY path ${direction} LIMIT ?`);
  statement.setReturnArrays(true);
  return (kind: string, from: string, before: string, limit: number): Row[] =>
    statement.all(kind, from, before, limit) as unknown as Row[];
}

export function readRevision(database: DatabaseSync) {
  const statement = database.prepare('SELECT revision FROM record WHERE kind = ? AND path = ?');
  return (kind: string, key: string): number | undefined =>
    statement.get(kind, key)?.['revision'] as number | undefined;
}

export function nextRevision(database: DatabaseSync) {
  const statement = database.prepare('UPDATE record_revision SET last = last + 1 RETURNING last');
  return (): number => Number(statement.get()?.['last']);
}

export function putRecord(database: DatabaseSync) {
  const statement = database.prepare(
    'INSERT OR REPLACE INTO record (kind, path, document, revision) VALUES (?, ?, ?, ?)',
  );
  return (...row: [kind: string, key: string, document: string, revision: number]): void => {
    statement.run(...row);
  };
}

export function deleteRecord(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM record WHERE kind = ? AND path = ?');
  return (kind: string, key: string): void => {
    statement.run(kind, key);
  };
}

export function deleteRecords(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM record WHERE kind = ? AND path >= ? AND path < ?');
  return (kind: string, from: string, before: string): void => {
    statement.run(kind, from, before);
  };
}
