/** Statements on `nonce_batch`. */
import type { DatabaseSync } from 'node:sqlite';

export function insertNonces(database: DatabaseSync) {
  const statement = database.prepare('INSERT INTO nonce_batch (generation, digests) VALUES (?, ?)');
  return (generation: number, digests: Uint8Array): void => {
    statement.run(generation, digests);
  };
}

export function deleteNoncesBefore(database: DatabaseSync) {
  const statement = database.prepare('DELETE FROM nonce_batch WHERE generation < ?');
  return (generation: number): void => {
    statement.run(generation);
  };
}

export function readNonces(database: DatabaseSync) {
  const statement = database.prepare('SELECT generation, digests FROM nonce_batch WHERE generation >= ?');
  statement.setReturnArrays(true);
  return (oldestGeneration: number) =>
    statement.iterate(oldestGeneration) as unknown as Iterable<[generation: number, digests: Uint8Array<ArrayBuffer>]>;
}
