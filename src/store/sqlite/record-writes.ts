/** Records, inside the writer's transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { deleteRecord, deleteRecords, nextRevision, putRecord, readRevision } from './sql/records.ts';
import type { PackedRecordWrite } from './thread-protocol.ts';

export class RecordWrites {
  readonly #database: DatabaseSync;
  readonly #sql;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#sql = {
      readRevision: readRevision(database),
      nextRevision: nextRevision(database),
      putRecord: putRecord(database),
      deleteRecord: deleteRecord(database),
      deleteRecords: deleteRecords(database),
    };
  }

  /** All, or none and false. A conflict must leave alone what the neighbours in the transaction wrote: hence the savepoint. */
  write(writes: readonly PackedRecordWrite[]): boolean {
    this.#database.exec('SAVEPOINT records');
    const written = writes.every((write) => this.#writeOne(write));
    if (!written) this.#database.exec('ROLLBACK TO records');
    this.#database.exec('RELEASE records');
    return written;
  }

  #writeOne({ write, kind, key, before, document, expect }: PackedRecordWrite): boolean {
    if (write === 'delete-under') {
      this.#sql.deleteRecords(kind, key, before);
      return true;
    }
    if (expect !== 'any' && expect !== (this.#sql.readRevision(kind, key) ?? 'absent')) return false;
    if (write === 'delete') this.#sql.deleteRecord(kind, key);
    else this.#sql.putRecord(kind, key, document, this.#sql.nextRevision());
    return true;
  }
}
