/** Statements on `package` and `package_chunk`. */
import type { DatabaseSync } from 'node:sqlite';

export function renewPackage(database: DatabaseSync) {
  const statement = database.prepare('UPDATE package SET stored_at_ms = ? WHERE sha256 = ?');
  return (nowMs: number, sha256: string): boolean => statement.run(nowMs, sha256).changes === 1;
}

export function putChunk(database: DatabaseSync) {
  const statement = database.prepare('INSERT OR REPLACE INTO package_chunk (sha256, position, bytes) VALUES (?, ?, ?)');
  return (sha256: string, position: number, bytes: Uint8Array): void => {
    statement.run(sha256, position, bytes);
  };
}

export function countChunks(database: DatabaseSync) {
  const statement = database.prepare('SELECT count(*) AS count FROM package_chunk WHERE sha256 = ?');
  return (sha256: string): number => Number(statement.get(sha256)?.['count']);
}

export function putPackage(database: DatabaseSync) {
  const statement = database.prepare(
    'INSERT OR REPLACE INTO package (sha256, stored_at_ms, size_bytes) VALUES (?, ?, ?)',
  );
  return (sha256: string, nowMs: number, sizeBytes: number): void => {
    statement.run(sha256, nowMs, sizeBytes);
  };
}

export function deletePackage(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM package WHERE sha256 = ?');
  return (sha256: string): void => {
    statement.run(sha256);
  };
}

export function deleteChunks(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM package_chunk WHERE sha256 = ?');
  return (sha256: string): void => {
    statement.run(sha256);
  };
}

/** What uploads left that never completed. */
export function deleteOrphanChunks(database: DatabaseSync): void {
  database.exec('DELETE FROM package_chunk WHERE sha256 NOT IN (SELECT sha256 FROM package)');
}

export function readSize(database: DatabaseSync) {
  const statement = database.prepare('SELECT size_bytes FROM package WHERE sha256 = ?');
  return (sha256: string): number | undefined => statement.get(sha256)?.['size_bytes'] as number | undefined;
}

export function readChunks(database: DatabaseSync) {
  const statement = database.prepare('SELECT bytes FROM package_chunk WHERE sha256 = ? ORDER BY position');
  return (sha256: string): Uint8Array[] => statement.all(sha256).map((row) => row['bytes'] as Uint8Array);
}

export function listPackages(database: DatabaseSync) {
  const statement = database.prepare('SELECT sha256, stored_at_ms FROM package ORDER BY sha256');
  statement.setReturnArrays(true);
  return () => statement.all() as unknown as [sha256: string, storedAtMs: number][];
}
