/** The port's operations that read tasks. Gets that gathered while the last ones were under way share a statement. */
import type { Task, TaskKey } from '../../core/task.ts';
import type { StoredTask, TaskReader } from '../store.ts';
import { statusOf } from '../task-row.ts';
import { GatheredCalls } from './gathered-calls.ts';
import type { SessionPool } from './session-pool.ts';
import { readCounts } from './sql/live-counts.ts';
import { readExpired, readStoredTasks, readTasks, readWaitingFunctions } from './sql/task-reads.ts';
import type { Row } from './statement.ts';
import { listTasks } from './task-list.ts';
import { unpackStoredTask, unpackTask } from './task-packing.ts';

const GETS_A_BATCH_MAX = 100;
/** Two, so that what is slow for one batch (long payloads) does not hold up all others. */
const BATCHES_MAX = 2;

export class TaskReadCalls implements TaskReader {
  readonly #readers: SessionPool;
  readonly #getting: GatheredCalls<TaskKey, StoredTask | undefined>;
  readonly #finding: GatheredCalls<TaskKey, Task | undefined>;

  constructor(readers: SessionPool) {
    this.#readers = readers;
    const limits = { sizeOf: () => 1, sizeMax: GETS_A_BATCH_MAX, batchesMax: BATCHES_MAX };
    this.#getting = new GatheredCalls({
      ...limits,
      purpose: 'gets',
      run: async (keys) =>
        inPlaces(keys, await readers.use((session) => readStoredTasks(session, keys)), unpackStoredTask),
    });
    this.#finding = new GatheredCalls({
      ...limits,
      purpose: 'looks at tasks',
      run: async (keys) => inPlaces(keys, await readers.use((session) => readTasks(session, keys)), unpackTask),
    });
  }

  getTask: TaskReader['getTask'] = (key) => this.#getting.call(key);

  findTask: TaskReader['findTask'] = (key) => this.#finding.call(key);

  listTasks: TaskReader['listTasks'] = (query) => this.#readers.use((session) => listTasks(session, query));

  waitingFunctions: TaskReader['waitingFunctions'] = async () =>
    (await this.#readers.use(readWaitingFunctions)).map(([account, functionName, nextDueAtMs]) => ({
      account,
      functionName,
      nextDueAtMs,
    }));

  findExpired: TaskReader['findExpired'] = async (nowMs, limit) =>
    (await this.#readers.use((session) => readExpired(session, nowMs, limit))).map(unpackTask);

  countTasks: TaskReader['countTasks'] = async () =>
    (await this.#readers.use(readCounts)).map(([account, functionName, status, count]) => ({
      account,
      functionName,
      status: statusOf(status),
      count,
    }));

  /** Resolves once all that was called is settled. */
  async close(): Promise<void> {
    await Promise.all([this.#getting.close(), this.#finding.close()]);
  }
}

/** Rows with their places (from 1) in front, as one answer for each key. */
function inPlaces<T>(keys: readonly TaskKey[], rows: readonly Row[], unpack: (row: Row) => T): (T | undefined)[] {
  const answers = new Array<T | undefined>(keys.length).fill(undefined);
  for (const [place, ...row] of rows) answers[Number(place) - 1] = unpack(row);
  return answers;
}
