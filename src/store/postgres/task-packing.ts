/** Tasks and what belongs to them, between the port's shapes and the statements'. */
import type { StoredResult, Transition } from '../../core/decide.ts';
import { isFinal, type Task } from '../../core/task.ts';
import type { ClaimedDelivery, ClaimedTask, NewTask, StoredTask } from '../store.ts';
import { decodeTask, encodeChanging, encodeTask, NAME_COUNT, statusCode, type TaskRow } from '../task-row.ts';
import type { TargetNames } from './sql/names.ts';
import type { BytesPlace, NewTaskRows, TransitionRows } from './sql/tasks.ts';
import type { Row } from './statement.ts';

export function packNewTasks(tasks: readonly NewTask[]): NewTaskRows {
  const targets = new Numbered<TargetNames>();
  const bytes = new JoinedBytes();
  const rows = tasks.map(({ task, payload }) => {
    const row = encodeTask(task);
    const names = row.slice(0, NAME_COUNT) as unknown as TargetNames;
    return { target: targets.numberOf(names), row, payload: bytes.add(payload) };
  });
  return { targets: targets.items, rows, bytes: bytes.all() };
}

export function packTransitions(transitions: readonly Transition[]): TransitionRows {
  const functions = new Numbered<readonly [string, string]>();
  const bytes = new JoinedBytes();
  const rows = transitions.map(({ task, guard, result, delivery }) => ({
    function: functions.numberOf([task.account, task.functionName]),
    taskId: task.taskId,
    // A guard on a final state matches nothing, as nothing leads on from there.
    guard: [isFinal(guard.status) ? -1 : statusCode(guard.status), guard.attempt, guard.fence] as const,
    changing: encodeChanging(task),
    result: result && { ...bytes.add(result.bytes), totalBytes: result.totalBytes, logTail: result.logTail },
    delivery: delivery && { slot: delivery.slot === 'onSuccess' ? 0 : 1, destination: delivery.destination },
  }));
  return { functions: functions.items, rows, bytes: bytes.all() };
}

export function unpackTask(row: Row): Task {
  return decodeTask(row as TaskRow);
}

export function unpackClaimed([payload, ...task]: Row): ClaimedTask {
  return { task: unpackTask(task), payload: payload as Uint8Array };
}

/** Of a row that begins with payload and result. */
export function unpackStoredTask([payload, bytes, totalBytes, logTail, ...task]: Row): StoredTask {
  return {
    task: unpackTask(task),
    payload: payload as Uint8Array | null,
    result: unpackResult(bytes, totalBytes, logTail),
  };
}

export function unpackDelivery(row: Row): ClaimedDelivery {
  const [deliveryId, slot, destination, tryCount, ...stored] = row;
  const { task, payload, result } = unpackStoredTask(stored);
  return {
    deliveryId: Number(deliveryId),
    slot: slot === 0 ? 'onSuccess' : 'onFailure',
    destination: String(destination),
    tryCount: Number(tryCount),
    task,
    payload: payload ?? new Uint8Array(),
    result,
  };
}

function unpackResult(bytes: unknown, totalBytes: unknown, logTail: unknown): StoredResult | null {
  if (bytes === null) return null;
  return { bytes: bytes as Uint8Array, totalBytes: Number(totalBytes), logTail: String(logTail) };
}

/** The bytes of a batch in one piece: one parameter of the statement, which the server takes apart. */
class JoinedBytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(part: Uint8Array): BytesPlace {
    const place = { at: this.#length, length: part.byteLength };
    this.#parts.push(part);
    this.#length += part.byteLength;
    return place;
  }

  all(): Uint8Array {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/** Names that many members of a batch share, each once. */
class Numbered<Names extends readonly string[]> {
  readonly items: Names[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(names: Names): number {
    const key = JSON.stringify(names);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.items.push(names) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}
