import { isFinal, isHeld, isWaiting, type Task } from '../../core/task.ts';
import { withinPageBytes } from '../page-bytes.ts';
import type { TaskCount, TaskCursor, TaskQuery, TaskReader, WaitingFunction } from '../store.ts';
import { isOf, type MemoryTasks, type TaskRow } from './memory-tasks.ts';

export class MemoryTaskReader implements TaskReader {
  readonly #tasks: MemoryTasks;

  constructor(tasks: MemoryTasks) {
    this.#tasks = tasks;
  }

  getTask: TaskReader['getTask'] = async (key) => {
    const row = this.#tasks.find(key);
    return row?.task.tracked === true
      ? { task: row.task, payload: row.payload.slice(), result: row.result }
      : undefined;
  };

  findTask: TaskReader['findTask'] = async (key) => this.#tasks.find(key)?.task;

  listTasks: TaskReader['listTasks'] = async (query) => {
    const direction = query.order === 'oldest-first' ? 1 : -1;
    const { after } = query;
    const rows = this.#tasks
      .filter((row) => matches(query, row.task))
      .filter((row) => after === undefined || direction * compare(placeOf(row), after) > 0)
      .sort((a, b) => direction * compare(placeOf(a), placeOf(b)));
    const whole = rows.slice(0, query.limit).map((row) => ({
      place: placeOf(row),
      stored: { task: row.task, payload: query.includePayload ? row.payload.slice() : null, result: row.result },
    }));
    const page = withinPageBytes(whole, ({ stored }) => stored);
    const last = page.at(-1);
    return {
      tasks: page.map(({ stored }) => stored),
      next: last !== undefined && rows.length > page.length ? last.place : null,
    };
  };

  waitingFunctions: TaskReader['waitingFunctions'] = async () => {
    const found = new Map<string, WaitingFunction>();
    for (const { task } of this.#tasks.filter((row) => isWaiting(row.task.status))) {
      const { account, functionName } = task;
      const name = JSON.stringify([account, functionName]);
      const nextDueAtMs = Math.min(task.dueAtMs, found.get(name)?.nextDueAtMs ?? Infinity);
      found.set(name, { account, functionName, nextDueAtMs });
    }
    return [...found.values()];
  };

  findExpired: TaskReader['findExpired'] = async (nowMs, limit) =>
    this.#tasks
      .filter(({ task }) => (isWaiting(task.status) || task.status === 'Dequeued') && task.expiresAtMs <= nowMs)
      .sort((a, b) => a.task.expiresAtMs - b.task.expiresAtMs || a.sequence - b.sequence)
      .slice(0, limit)
      .map((row) => row.task);

  countTasks: TaskReader['countTasks'] = async () => {
    const found = new Map<string, TaskCount>();
    for (const { task } of this.#tasks.filter((row) => !isFinal(row.task.status))) {
      const { account, functionName, status } = task;
      const name = JSON.stringify([account, functionName, status]);
      found.set(name, { account, functionName, status, count: (found.get(name)?.count ?? 0) + 1 });
    }
    return [...found.values()];
  };

  heldBy(owner: string): Task[] {
    return this.#tasks.filter(({ task }) => isHeld(task.status) && task.owner === owner).map((row) => row.task);
  }

  /** Held tasks whose owner does not satisfy the condition. */
  heldByOthers(isAlive: (owner: string) => boolean): Task[] {
    return this.#tasks.filter(({ task }) => isHeld(task.status) && !isAlive(task.owner ?? '')).map((row) => row.task);
  }
}

function matches(query: TaskQuery, task: Task): boolean {
  return (
    task.tracked &&
    isOf(query, task) &&
    (query.qualifier === undefined || task.qualifier === query.qualifier) &&
    (query.status === undefined || task.status === query.status) &&
    task.taskId.startsWith(query.idPrefix ?? '') &&
    task.acceptedAtMs >= (query.acceptedFromMs ?? -Infinity) &&
    task.acceptedAtMs <= (query.acceptedToMs ?? Infinity)
  );
}

function placeOf(row: TaskRow): TaskCursor {
  return { acceptedAtMs: row.task.acceptedAtMs, sequence: row.sequence };
}

function compare(a: TaskCursor, b: TaskCursor): number {
  return a.acceptedAtMs - b.acceptedAtMs || a.sequence - b.sequence;
}
