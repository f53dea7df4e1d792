/** The reading operations by name, as the main thread calls them. */
import type { DatabaseSync } from 'node:sqlite';
import { PAGE_BYTES_MAX } from '../page-bytes.ts';
import type { TaskQuery } from '../store.ts';
import { FIXED_COLUMNS, NAME_COUNT } from '../task-row.ts';
import type { PacketBytes } from './packet.ts';
import { listPackages, readChunks, readSize } from './sql/packages.ts';
import { listRecords, readRecord } from './sql/records.ts';
import { readPayload, readResult } from './sql/task-bytes.ts';
import type { Place } from './sql/task-lists.ts';
import { readExpired, readLapsed, readNumberedTask, readTask, readWaitingFunctions } from './sql/task-reads.ts';
import { TaskList } from './task-list.ts';
import type { PackedResult, PackedStoredTask, ReadOperations } from './thread-protocol.ts';
import type { Handlers } from './write-operations.ts';

const TRACKED_AT = NAME_COUNT + FIXED_COLUMNS.indexOf('tracked');

export function createReadOperations(database: DatabaseSync): Handlers<ReadOperations> {
  return { ...taskOperations(database), ...recordOperations(database), ...packageOperations(database) };
}

type TaskOperation = Exclude<keyof ReadOperations, 'getRecord' | 'listRecords' | 'getPackage' | 'listPackages'>;

function taskOperations(database: DatabaseSync): Pick<Handlers<ReadOperations>, TaskOperation> {
  const find = readTask(database);
  const bytesOf = new TaskBytes(database);
  const pages = new TaskPages(database, bytesOf);
  const waiting = readWaitingFunctions(database);
  const expired = readExpired(database);
  const lapsed = readLapsed(database);
  return {
    getTask: (names, { answer }) => {
      const found = find(...names);
      if (found === undefined) return null;
      const [id, ...task] = found;
      if (task[TRACKED_AT] !== 1) return null;
      return { task, payload: bytesOf.payload(id, answer), result: bytesOf.result(id, answer) };
    },
    findTask: (names) => find(...names)?.slice(1) ?? null,
    listTasks: (query, { answer }) => pages.list(query, answer),
    waitingFunctions: () => waiting(),
    findExpired: ({ nowMs, limit }) => expired(nowMs, limit),
    findLapsed: ({ livingNodes, limit }) => lapsed(livingNodes, limit),
  };
}

class TaskBytes {
  readonly #readPayload;
  readonly #readResult;

  constructor(database: DatabaseSync) {
    this.#readPayload = readPayload(database);
    this.#readResult = readResult(database);
  }

  payload(id: number, bytes: PacketBytes): readonly [number, number] {
    return bytes.add(this.#readPayload(id));
  }

  result(id: number, bytes: PacketBytes): PackedResult | null {
    const found = this.#readResult(id);
    return found === undefined ? null : [bytes.add(found[0]), found[1], found[2]];
  }
}

class TaskPages {
  readonly #list: TaskList;
  readonly #readNumberedTask;
  readonly #bytesOf: TaskBytes;

  constructor(database: DatabaseSync, bytesOf: TaskBytes) {
    this.#list = new TaskList(database);
    this.#readNumberedTask = readNumberedTask(database);
    this.#bytesOf = bytesOf;
  }

  list(query: TaskQuery, bytes: PacketBytes): ReadOperations['listTasks'][1] {
    // One more than asked for tells whether another page follows.
    const places = this.#list.find(query, query.limit + 1);
    const tasks: PackedStoredTask[] = [];
    let last: Place | undefined;
    for (const place of places.slice(0, query.limit)) {
      const task = this.#load(place[1], query.includePayload, bytes);
      if (task !== undefined) tasks.push(task);
      last = place;
      if (bytes.byteLength >= PAGE_BYTES_MAX) break;
    }
    return { tasks, next: last === undefined || last === places.at(-1) ? null : last };
  }

  #load(id: number, includePayload: boolean, bytes: PacketBytes): PackedStoredTask | undefined {
    const task = this.#readNumberedTask(id);
    if (task === undefined) return undefined;
    const payload = includePayload ? this.#bytesOf.payload(id, bytes) : null;
    return { task, payload, result: this.#bytesOf.result(id, bytes) };
  }
}

function recordOperations(database: DatabaseSync): Pick<Handlers<ReadOperations>, 'getRecord' | 'listRecords'> {
  const read = readRecord(database);
  const listUp = listRecords(database, 'ASC');
  const listDown = listRecords(database, 'DESC');
  return {
    getRecord: ({ kind, key }) => read(kind, key) ?? null,
    listRecords: ({ kind, from, before, descending, limit }) =>
      (descending ? listDown : listUp)(kind, from, before, limit),
  };
}

function packageOperations(database: DatabaseSync): Pick<Handlers<ReadOperations>, 'getPackage' | 'listPackages'> {
  const size = readSize(database);
  const chunks = readChunks(database);
  const list = listPackages(database);
  return {
    getPackage: (sha256, { answer }) => {
      const sizeBytes = size(sha256);
      if (sizeBytes === undefined) return null;
      for (const chunk of chunks(sha256)) answer.add(chunk);
      // Added one after the other, they lie in one piece at the end of what is added so far.
      return [answer.byteLength - sizeBytes, sizeBytes];
    },
    listPackages: () => list(),
  };
}
