/**
 * The one place where a retry, an expiry or an end is decided. Total over every state and event: a task and an event
 * give a transition to write, or nothing to do, or a refusal. No clock, no randomness: both are arguments.
 */
import { invariant } from './invariant.ts';
import { HISTORY_STEPS_KEPT, HOPS_MAX, LOST_COUNT_MAX, RESULT_BYTES_KEPT } from './limits.ts';
import { errorMessageOf, errorTypeOf, resultBytes, type Execution } from './outcome.ts';
import { backoffMs } from './retry-policy.ts';
import {
  type FinalStatus,
  guardOf,
  type HistoryEntry,
  isFinal,
  isHeld,
  type Task,
  type TaskGuard,
  type TaskStatus,
} from './task.ts';
import { TRANSITIONS } from './transitions.ts';

export type TaskEvent =
  | { readonly kind: 'claim'; readonly owner: string }
  | { readonly kind: 'start'; readonly instanceId: string; readonly startedAtMs: number }
  | { readonly kind: 'end'; readonly execution: Execution }
  | { readonly kind: 'give-back' }
  | { readonly kind: 'lose' }
  | { readonly kind: 'expire' }
  | { readonly kind: 'invalidate'; readonly error: string; readonly message: string }
  | { readonly kind: 'stop' };

export interface Circumstances {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** In [0, 1); the jitter of a backoff. */
  readonly random: number;
}

/** What the function returned, as it is kept. */
export interface StoredResult {
  /** At most `RESULT_BYTES_KEPT`. */
  readonly bytes: Uint8Array;
  /** Its length before the cut. */
  readonly totalBytes: number;
  readonly logTail: string;
}

export type DeliverySlot = 'onSuccess' | 'onFailure';

/** A row for the outbox, written with the end of the task. */
export interface DeliveryOrder {
  readonly slot: DeliverySlot;
  readonly destination: string;
}

/** A write: applied only while the record still matches the guard. */
export interface Transition {
  readonly guard: TaskGuard;
  readonly task: Task;
  readonly result: StoredResult | null;
  readonly delivery: DeliveryOrder | null;
}

export type Decision =
  | { readonly kind: 'go'; readonly transition: Transition }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'refuse' };

const IGNORE: Decision = { kind: 'ignore' };
const REFUSE: Decision = { kind: 'refuse' };

/** Error codes of tasks that failed without an error of the function. */
export const INSTANCE_LOST = 'InstanceLost';
const EVENT_AGE_EXCEEDED = 'EventAgeExceeded';
const NO_CAPACITY = 'FunctionResourceExhausted';

export function decide(task: Task, event: TaskEvent, at: Circumstances): Decision {
  const rule = TRANSITIONS[task.status][event.kind];
  if (rule === 'ignore') return IGNORE;
  if (rule === 'refuse') return REFUSE;
  const next = nextOf(task, event, at);
  if (next === undefined) return IGNORE;
  invariant(rule.includes(next.task.status), `${task.status} may not become ${next.task.status} on ${event.kind}`);
  return { kind: 'go', transition: { guard: guardOf(task), result: null, delivery: null, ...next } };
}

type Next = Pick<Transition, 'task'> & Partial<Transition>;

function nextOf(task: Task, event: TaskEvent, at: Circumstances): Next | undefined {
  switch (event.kind) {
    case 'claim':
      return claim(task, event.owner, at.nowMs);
    case 'start':
      return event.startedAtMs >= task.expiresAtMs
        ? undefined
        : { task: start(task, event.instanceId, event.startedAtMs) };
    case 'end':
      return end(task, event.execution, at);
    case 'give-back':
      return task.status === 'Stopping' ? finish(task, 'Stopped', at.nowMs) : retry(task, at.nowMs, at.nowMs);
    case 'lose':
      return lose(task, at);
    case 'expire':
      return at.nowMs < task.expiresAtMs ? undefined : finish(task, 'Expired', at.nowMs, { error: EVENT_AGE_EXCEEDED });
    case 'invalidate':
      if (task.status === 'Stopping') return finish(task, 'Stopped', at.nowMs);
      return finish(task, 'Invalid', at.nowMs, { error: event.error, message: event.message });
    case 'stop':
      return stop(task, at.nowMs);
  }
}

function claim(task: Task, owner: string, nowMs: number): Next | undefined {
  if (nowMs < task.dueAtMs || nowMs >= task.expiresAtMs) return undefined;
  return { task: { ...step(task, 'Dequeued', nowMs), owner, fence: task.fence + 1 } };
}

function start(task: Task, instanceId: string, atMs: number): Task {
  return { ...step(task, 'Running', atMs), attempt: task.attempt + 1, instanceId, refusedCount: 0 };
}

function end(held: Task, execution: Execution, at: Circumstances): Next {
  const { outcome } = execution;
  if (held.status === 'Stopping') return finish(measured(held, execution), 'Stopped', at.nowMs);
  if (outcome.kind === 'no-instance') return refused(held, execution, at);

  const running = held.status === 'Dequeued' ? start(held, execution.instanceId, execution.startedAtMs) : held;
  const task = measured(running, execution);
  if (outcome.kind === 'returned') return finish({ ...task, error: '' }, 'Succeeded', at.nowMs, { execution });

  const error = errorTypeOf(outcome);
  if (error === undefined) return retry(task, at.nowMs, at.nowMs); // interrupted by us: not the function's fault
  const message = errorMessageOf(execution);
  if (task.retryCount >= task.retryCountMax) return finish(task, 'Failed', at.nowMs, { error, message, execution });
  const retryCount = task.retryCount + 1;
  return retry({ ...task, retryCount, error }, at.nowMs, at.nowMs + backoffMs(retryCount, at.random), {
    error,
    message,
  });
}

function refused(task: Task, execution: Execution, at: Circumstances): Next {
  const refusedCount = task.refusedCount + 1;
  const dueAtMs = at.nowMs + backoffMs(refusedCount, at.random);
  const message = errorMessageOf(execution);
  return retry({ ...task, refusedCount }, at.nowMs, dueAtMs, { error: NO_CAPACITY, message });
}

function lose(task: Task, at: Circumstances): Next {
  if (task.status === 'Stopping') return finish(task, 'Stopped', at.nowMs);
  // A claim that was lost before its start was written may never have run: only attempts are counted.
  const lostCount = task.status === 'Running' ? task.lostCount + 1 : task.lostCount;
  const why = { error: INSTANCE_LOST, message: 'the node or instance that ran the attempt is gone' };
  if (lostCount > LOST_COUNT_MAX) return finish({ ...task, lostCount }, 'Failed', at.nowMs, why);
  const dueAtMs = at.nowMs + backoffMs(Math.max(1, lostCount), at.random);
  return retry({ ...task, lostCount }, at.nowMs, dueAtMs, why);
}

function stop(task: Task, nowMs: number): Next {
  const stopping = step(task, 'Stopping', nowMs);
  return isHeld(task.status) ? { task: stopping } : finish(stopping, 'Stopped', nowMs);
}

interface Why {
  readonly error?: string;
  readonly message?: string | null;
}

/** Back to waiting. */
function retry(task: Task, nowMs: number, dueAtMs: number, why: Why = {}): Next {
  const back = step(task, 'Retrying', nowMs, why);
  return { task: { ...back, history: withoutVainClaim(back.history), dueAtMs, owner: null } };
}

/**
 * A task that finds no instance for a day is claimed some thousand times in vain. In a history that is long already, the
 * latest such claim takes the place of the one before: each is written, and read, with all that came before it.
 */
function withoutVainClaim(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const isVain = history.at(-2)?.status === 'Dequeued' && history.at(-3)?.status === 'Retrying';
  return isVain && history.length > HISTORY_STEPS_KEPT ? history.toSpliced(-3, 2) : history;
}

function finish(task: Task, status: FinalStatus, nowMs: number, why: Why & { execution?: Execution } = {}): Next {
  const order = deliveryOf(task, status);
  const cut = order !== null && task.hops >= HOPS_MAX;
  const ended: Task = {
    ...step(task, status, nowMs, why),
    endedAtMs: nowMs,
    owner: null,
    error: status === 'Stopped' ? '' : (why.error ?? task.error),
    destinationStatus: cut ? 'Failed' : '',
  };
  invariant(isFinal(ended.status), 'a finished task is final');
  return { task: ended, result: why.execution ? storedResult(why.execution) : null, delivery: cut ? null : order };
}

/** Stopped, Expired and Invalid go where Failed goes: the caller waits for word of them just the same. */
function deliveryOf(task: Task, status: FinalStatus): DeliveryOrder | null {
  const slot: DeliverySlot = status === 'Succeeded' ? 'onSuccess' : 'onFailure';
  const destination = task[slot];
  return destination === null ? null : { slot, destination };
}

function measured(task: Task, execution: Execution): Task {
  return { ...task, durationMs: execution.durationMs, instanceId: execution.instanceId || task.instanceId };
}

function storedResult(execution: Execution): StoredResult {
  const bytes = resultBytes(execution);
  return { bytes: bytes.subarray(0, RESULT_BYTES_KEPT), totalBytes: bytes.byteLength, logTail: execution.logTail };
}

/** A history never runs backward, even where the clock does. */
function step(task: Task, status: TaskStatus, atMs: number, why: Why = {}): Task {
  const lastMs = task.history.at(-1)?.atMs ?? atMs;
  const entry: HistoryEntry = {
    status,
    atMs: Math.max(atMs, lastMs),
    error: why.error ?? null,
    message: why.message ?? null,
  };
  return { ...task, status, history: [...task.history, entry] };
}
