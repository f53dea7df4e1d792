import { keysOf, keysUnder, recordKey, recordPath } from '../record-path.ts';
import type { Records, RecordWrite, Signal, StoredRecord } from '../store.ts';
import { retryWhenLost } from './retry-when-lost.ts';
import type { SessionPool } from './session-pool.ts';
import type { Session } from './session.ts';
import {
  deleteRecord,
  deleteRecords,
  listRecords,
  nextRecordsVersion,
  putRecord,
  readRecord,
  readRevision,
  type RecordRow,
} from './sql/records.ts';

/** Ends a transaction of records without effect. */
class RecordConflict extends Error {}

export interface RecordCallsParts {
  readonly writers: SessionPool;
  readonly readers: SessionPool;
  readonly tell: (signal: Signal) => void;
}

export function recordCalls({ writers, readers, tell }: RecordCallsParts): Records {
  return {
    getRecord: async (kind, path) => {
      const row = await readers.use((session) => readRecord(session, kind, recordKey(path)));
      return row && unpack(row);
    },
    listRecords: async (query) => {
      const { kind, order = 'ascending', limit } = query;
      const { from, before } = keysOf(query);
      const rows = await readers.use((session) => listRecords(session, order, [kind, from, before, limit]));
      return rows.map(unpack);
    },
    writeRecords: async (writes) => {
      try {
        const version = await writers.use((session) =>
          retryWhenLost(() => session.transaction(() => writeAll(session, writes))),
        );
        tell({ kind: 'records', version, changed: writes.map(({ kind, path }) => ({ kind, path })) });
        return 'written';
      } catch (error) {
        if (error instanceof RecordConflict) return 'conflict';
        throw error;
      }
    },
  };
}

/** Gives the version that the records have then. */
async function writeAll(session: Session, writes: readonly RecordWrite[]): Promise<number> {
  const version = await nextRecordsVersion(session);
  for (const write of writes) await writeOne(session, write);
  return version;
}

async function writeOne(session: Session, write: RecordWrite): Promise<void> {
  const { kind, path } = write;
  const { from: key, before } = keysUnder(path);
  if (write.write === 'delete-under') {
    await deleteRecords(session, kind, key, before);
    return;
  }
  if (write.expect !== 'any') {
    const found = (await readRevision(session, kind, key)) ?? 'absent';
    if (found !== write.expect) throw new RecordConflict();
  }
  if (write.write === 'delete') await deleteRecord(session, kind, key);
  else await putRecord(session, kind, key, JSON.stringify(write.document));
}

function unpack([key, document, revision]: RecordRow): StoredRecord {
  return { path: recordPath(key), document: JSON.parse(document) as unknown, revision };
}
