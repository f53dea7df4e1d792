import { keysUnder, recordKey, recordPath } from '../record-path.ts';
import type { RecordQuery, Records, RecordWrite, StoredRecord } from '../store.ts';
import type { StoreLinks } from './task-calls.ts';
import type { PackedRecord, PackedRecordWrite, ReadOperations } from './thread-protocol.ts';

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
        () => rangeOf(query),
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

function rangeOf({ kind, under, namePrefix, from, order, limit }: RecordQuery): ReadOperations['listRecords'][0] {
  const range = keysUnder(under, namePrefix);
  const descending = order === 'descending';
  const start = from && recordKey(from);
  if (start === undefined) return { kind, ...range, descending, limit };
  // The least text above a key is that key with the lowest character behind it.
  return descending
    ? { kind, from: range.from, before: least(range.before, `${start}\0`), descending, limit }
    : { kind, from: greatest(range.from, start), before: range.before, descending, limit };
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

const least = (a: string, b: string): string => (a < b ? a : b);
const greatest = (a: string, b: string): string => (a > b ? a : b);
