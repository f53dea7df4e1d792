/** The port's operations that write tasks and deliveries. */
import type { Transition } from '../../core/decide.ts';
import type { Task } from '../../core/task.ts';
import type { DeliverySettlement, NewTask, Outbox, TaskWriter } from '../store.ts';
import { GatheredCalls } from './gathered-calls.ts';
import { retryWhenLost } from './retry-when-lost.ts';
import type { SessionPool } from './session-pool.ts';
import type { Session } from './session.ts';
import { claimDeliveries } from './sql/deliveries.ts';
import type { GivenTime } from './sql/now.ts';
import { deleteEnded, TASKS_A_BATCH_MAX } from './sql/tasks.ts';
import { unpackClaimed, unpackDelivery } from './task-packing.ts';
import { accept, apply, claim, keyOfTask, settle, startedBy } from './task-writes.ts';

const MIB = 1024 * 1024;
const BATCH_BYTES_MAX = 8 * MIB;
/** What a task weighs in a batch beside its bytes, so that no batch has more than it may. */
const TASK_BYTES = BATCH_BYTES_MAX / TASKS_A_BATCH_MAX;

export type BatchObserver = (batch: { readonly batchSize: number; readonly durationMs: number }) => void;

export interface TaskCallsParts {
  readonly writers: SessionPool;
  readonly onCommit: BatchObserver | undefined;
  /** Told of each task that was written, as it is now. */
  readonly tell: (task: Task) => void;
  /** What leases are compared with. */
  readonly now: () => GivenTime;
}

export class TaskCalls implements TaskWriter, Outbox {
  readonly #parts: TaskCallsParts;
  readonly #accepting: GatheredCalls<readonly NewTask[], readonly ('accepted' | 'duplicate')[]>;
  readonly #applying: GatheredCalls<readonly Transition[], readonly ('applied' | 'lost')[]>;
  readonly #settling: GatheredCalls<readonly DeliverySettlement[], readonly ('settled' | 'lost')[]>;

  constructor(parts: TaskCallsParts) {
    this.#parts = parts;
    const limits = { sizeMax: BATCH_BYTES_MAX, ...(parts.onCommit === undefined ? {} : { onBatch: parts.onCommit }) };
    this.#accepting = new GatheredCalls({
      ...limits,
      purpose: 'new tasks',
      sizeOf: (tasks) => sum(tasks, ({ payload }) => TASK_BYTES + payload.byteLength),
      run: (calls) => this.#flattened(calls, accept),
    });
    this.#applying = new GatheredCalls({
      ...limits,
      purpose: 'changes of tasks',
      sizeOf: (transitions) => sum(transitions, ({ result }) => TASK_BYTES + (result?.bytes.byteLength ?? 0)),
      keysOf: (transitions) => transitions.map(({ task }) => keyOfTask(task)),
      run: (calls) => this.#flattened(calls, apply),
    });
    this.#settling = new GatheredCalls({
      ...limits,
      purpose: 'ends of deliveries',
      sizeOf: (settlements) =>
        settlements.length * TASK_BYTES + sum(settlements.flatMap(startedBy), ({ payload }) => payload.byteLength),
      keysOf: (settlements) => settlements.map(({ deliveryId }) => String(deliveryId)),
      run: (calls) => this.#flattened(calls, settle),
    });
  }

  accept: TaskWriter['accept'] = async (tasks) => {
    if (tasks.length === 0) return [];
    const answers = await this.#accepting.call(tasks);
    this.#tell(tasks.filter((_, place) => answers[place] === 'accepted').map(({ task }) => task));
    return answers;
  };

  apply: TaskWriter['apply'] = async (transitions) => {
    if (transitions.length === 0) return [];
    const answers = await this.#applying.call(transitions);
    this.#tell(transitions.filter((_, place) => answers[place] === 'applied').map(({ task }) => task));
    return answers;
  };

  claim: TaskWriter['claim'] = async (requests, { owner, nowMs }) => {
    const rows = { requests, owner, nowMs, leaseTime: this.#parts.now() };
    return (await this.#commit((session) => claim(session, rows))).map(unpackClaimed);
  };

  deleteEnded: TaskWriter['deleteEnded'] = ({ trackedBeforeMs, limit }) =>
    this.#commit((session) => deleteEnded(session, trackedBeforeMs, limit));

  claimDeliveries: Outbox['claimDeliveries'] = async (request) =>
    (await this.#commit((session) => claimDeliveries(session, request))).map(unpackDelivery);

  settleDeliveries: Outbox['settleDeliveries'] = async (settlements) => {
    if (settlements.length === 0) return [];
    const answers = await this.#settling.call(settlements);
    const settled = settlements.filter((_, place) => answers[place] === 'settled');
    this.#tell(settled.flatMap(startedBy).map(({ task }) => task));
    return answers;
  };

  /** Resolves once all that was called is settled. */
  async close(): Promise<void> {
    await Promise.all([this.#accepting.close(), this.#applying.close(), this.#settling.close()]);
  }

  #tell(tasks: readonly Task[]): void {
    for (const task of tasks) this.#parts.tell(task);
  }

  async #commit<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await this.#parts.writers.use((session) => retryWhenLost(() => work(session)));
  }

  /** All calls as one, and its answers back to them. */
  async #flattened<Item, Answer>(
    calls: readonly (readonly Item[])[],
    work: (session: Session, items: readonly Item[]) => Promise<readonly Answer[]>,
  ): Promise<readonly (readonly Answer[])[]> {
    const answers = await this.#parts.writers.use((session) => work(session, calls.flat()));
    let at = 0;
    return calls.map(({ length }) => answers.slice(at, (at += length)));
  }
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
