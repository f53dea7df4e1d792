import { keysOf, keysUnder, recordKey, recordPath } from '../record-path.ts';
import type { Records, RecordWrite, StoredRecord } from '../store.ts';
import type { StoreLinks } from './task-calls.ts';
import type { PackedRecord, PackedRecordWrite } from './thread-protocol.ts';

export function recordCalls({ writer, reader }: StoreLinks): Records {
  return {
    getRecord: (kind, path) =>
      reader.call(
        'getRecord',
        () => ({ kind, key: recordKey(path) }),
        (found) => (found === null ? undefined : unpack(found)),
      ),
    listRecords: (query) =>
      reader.call(
        'listRecords',
        () => ({ kind: query.kind, ...keysOf(query), descending: query.order === 'descending', limit: query.limit }),
        (rows) => rows.map(unpack),
      ),
    writeRecords: (writes) =>
      writer.call(
        'writeRecords',
        () => writes.map(pack),
        (written) => (written ? 'written' : 'conflict'),
      ),
  };
}

function pack(write: RecordWrite): PackedRecordWrite {
  const { kind, path } = write;
  const { from: key, before } = keysUnder(path);
  const document = write.write === 'put' ? JSON.stringify(write.document) : '';
  const expect = write.write === 'delete-under' ? 'any' : write.expect;
  return { write: write.write, kind, key, before, document, expect };
}

function unpack([key, document, revision]: PackedRecord): StoredRecord {
  return { path: recordPath(key), document: JSON.parse(document) as unknown, revision };
}
