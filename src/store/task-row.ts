/**
 * A task as the values of its row. The same row travels between the threads and is bound to the statements, so that
 * a task is taken apart once on the way in and put together once on the way out.
 */
import { invariant } from '../core/invariant.ts';
import { type DestinationStatus, type HistoryEntry, PAYLOAD_FORMS, type Task, type TaskStatus } from '../core/task.ts';

export type SqlText = string | number | null;
/** Account, function name and qualifier, then `FIXED_COLUMNS`, then `CHANGING_COLUMNS`. */
export type TaskRow = readonly SqlText[];

/** Written once. */
export const FIXED_COLUMNS = [
  'task_id',
  'request_id',
  'tracked',
  'hops',
  'retry_count_max',
  'on_success',
  'on_failure',
  'accepted_at_ms',
  'expires_at_ms',
  'payload_form',
] as const;

/** Written by each transition. */
export const CHANGING_COLUMNS = [
  'due_at_ms',
  'ended_at_ms',
  'status',
  'attempt',
  'fence',
  'owner',
  'retry_count',
  'lost_count',
  'refused_count',
  'duration_ms',
  'instance_id',
  'error',
  'destination_status',
  'history',
] as const;

export const NAME_COUNT = 3;

/** Their places are their codes in the database: never reorder. */
const STATUSES: readonly TaskStatus[] = [
  'Enqueued',
  'Retrying',
  'Dequeued',
  'Running',
  'Stopping',
  'Succeeded',
  'Failed',
  'Stopped',
  'Expired',
  'Invalid',
];
const DESTINATION_STATUSES: readonly DestinationStatus[] = ['', 'Succeeded', 'Failed'];

const statusCodes = new Map(STATUSES.map((status, code) => [status, code]));

/** Live ones are below. */
export const FIRST_HELD_CODE = 2;
export const FIRST_FINAL_CODE = 5;

export function statusCode(status: TaskStatus): number {
  const code = statusCodes.get(status);
  invariant(code !== undefined, `status ${status} has no code`);
  return code;
}

export function statusOf(code: unknown): TaskStatus {
  return ofCode(STATUSES, code);
}

/** What has its place for a code. An unknown one is damage: no value stands for it. */
function ofCode<Value extends string>(values: readonly Value[], code: unknown): Value {
  const value = values[Number(code)];
  invariant(value !== undefined, `the code ${String(code)} is none of ${values.join(', ')}`);
  return value;
}

export function destinationStatusCode(status: DestinationStatus): number {
  return DESTINATION_STATUSES.indexOf(status);
}

export function encodeTask(task: Task): SqlText[] {
  return [
    task.account,
    task.functionName,
    task.qualifier,
    task.taskId,
    task.requestId,
    task.tracked ? 1 : 0,
    task.hops,
    task.retryCountMax,
    task.onSuccess,
    task.onFailure,
    task.acceptedAtMs,
    task.expiresAtMs,
    PAYLOAD_FORMS.indexOf(task.payloadForm),
    ...encodeChanging(task),
  ];
}

/** In the order of `CHANGING_COLUMNS`. */
export function encodeChanging(task: Task): SqlText[] {
  return [
    task.dueAtMs,
    task.endedAtMs,
    statusCode(task.status),
    task.attempt,
    task.fence,
    task.owner,
    task.retryCount,
    task.lostCount,
    task.refusedCount,
    task.durationMs,
    task.instanceId,
    task.error,
    destinationStatusCode(task.destinationStatus),
    encodeHistory(task.history),
  ];
}

export function decodeTask(row: TaskRow): Task {
  const cursor = new RowCursor(row);
  const task: Task = {
    account: cursor.text(),
    functionName: cursor.text(),
    qualifier: cursor.text(),
    taskId: cursor.text(),
    requestId: cursor.text(),
    tracked: cursor.number() === 1,
    hops: cursor.number(),
    retryCountMax: cursor.number(),
    onSuccess: cursor.textOrNull(),
    onFailure: cursor.textOrNull(),
    acceptedAtMs: cursor.number(),
    expiresAtMs: cursor.number(),
    payloadForm: ofCode(PAYLOAD_FORMS, cursor.number()),
    dueAtMs: cursor.number(),
    endedAtMs: cursor.numberOrNull(),
    status: statusOf(cursor.number()),
    attempt: cursor.number(),
    fence: cursor.number(),
    owner: cursor.textOrNull(),
    retryCount: cursor.number(),
    lostCount: cursor.number(),
    refusedCount: cursor.number(),
    durationMs: cursor.number(),
    instanceId: cursor.textOrNull(),
    error: cursor.text(),
    destinationStatus: ofCode(DESTINATION_STATUSES, cursor.number()),
    history: decodeHistory(cursor.text()),
  };
  return task;
}

/** `[status, atMs]`, or four members where the step has an error or a message. JSON keeps lone surrogates, which TEXT does not. */
function encodeHistory(history: readonly HistoryEntry[]): string {
  const entries = history.map(({ status, atMs, error, message }) =>
    error === null && message === null ? [statusCode(status), atMs] : [statusCode(status), atMs, error, message],
  );
  return JSON.stringify(entries);
}

function decodeHistory(text: string): HistoryEntry[] {
  const entries = JSON.parse(text) as [number, number, (string | null)?, (string | null)?][];
  return entries.map(([code, atMs, error = null, message = null]) => ({
    status: statusOf(code),
    atMs,
    error,
    message,
  }));
}

/** Reads the values of a row in turn; a value of another type than the column's is damage. */
class RowCursor {
  readonly #row: TaskRow;
  #at = 0;

  constructor(row: TaskRow) {
    this.#row = row;
  }

  text(): string {
    const value = this.#next();
    invariant(typeof value === 'string', `column ${this.#at - 1} of a task row is no text`);
    return value;
  }

  number(): number {
    const value = this.#next();
    invariant(typeof value === 'number', `column ${this.#at - 1} of a task row is no number`);
    return value;
  }

  textOrNull(): string | null {
    return this.#row[this.#at] === null ? this.#skip() : this.text();
  }

  numberOrNull(): number | null {
    return this.#row[this.#at] === null ? this.#skip() : this.number();
  }

  #next(): SqlText | undefined {
    this.#at += 1;
    return this.#row[this.#at - 1];
  }

  #skip(): null {
    this.#at += 1;
    return null;
  }
}
