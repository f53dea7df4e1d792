/** What every conformance test starts from: a fresh store, a clock that stands still, and short ways to write tasks. */
import type { Acceptance } from '../../core/accept.ts';
import { decide, type TaskEvent, type Transition } from '../../core/decide.ts';
import { executionOf, newTask } from '../../core/task.fixture.ts';
import type { Task } from '../../core/task.ts';
import type { Store, TaskQuery } from '../store.ts';

export interface StoreOptions {
  readonly now: () => number;
  readonly noncesMax?: number;
}

export interface Subject {
  readonly store: Store;
  /** Closes the store and opens what it left; null for a store that leaves nothing. */
  readonly reopen: (() => Promise<Store>) | null;
  /** Closes it and removes what it made. */
  readonly dispose: () => Promise<void>;
}

export type OpenSubject = (options: StoreOptions) => Promise<Subject>;

export const FUNCTION = { account: '1000000000000000', functionName: 'resize' } as const;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export class Workbench {
  readonly subject: Subject;
  nowMs = 10_000;
  store: Store;

  constructor(subject: Subject) {
    this.subject = subject;
    this.store = subject.store;
  }

  /** Stores a task as it is, with its id as payload. */
  async keep(task: Task): Promise<Task> {
    await this.store.accept([{ task, payload: bytesOf(task.taskId) }]);
    return task;
  }

  async accept(taskId: string, overrides: Partial<Acceptance> = {}): Promise<Task> {
    return await this.keep(newTask({ taskId, requestId: `request-${taskId}`, nowMs: this.nowMs, ...overrides }));
  }

  /** Applies what the core decides for a task, and gives the task as it is then. */
  async move(task: Task, ...events: readonly TaskEvent[]): Promise<Task> {
    let moved = task;
    for (const event of events) {
      const transition = transitionOf(moved, event, this.nowMs);
      const [answer] = await this.store.apply([transition]);
      if (answer !== 'applied') throw new Error(`${event.kind} was ${String(answer)}`);
      moved = transition.task;
    }
    return moved;
  }

  /** An ended task that asks for a delivery where its config names one. */
  async end(taskId: string, overrides: Partial<Acceptance> = {}): Promise<Task> {
    return await this.move(await this.accept(taskId, overrides), claimBy('node-1'), SUCCEED);
  }

  async list(query: Partial<TaskQuery> = {}): Promise<string[]> {
    const page = await this.store.listTasks({ ...EVERYTHING, ...query });
    return page.tasks.map(({ task }) => task.taskId);
  }

  /** Ids of all pages; `between` runs after each page. */
  async listAll(query: Partial<TaskQuery>, between: () => Promise<void> = async () => undefined): Promise<string[]> {
    const ids: string[] = [];
    let page = await this.store.listTasks({ ...EVERYTHING, ...query });
    ids.push(...page.tasks.map(({ task }) => task.taskId));
    while (page.next !== null) {
      await between();
      page = await this.store.listTasks({ ...EVERYTHING, ...query, after: page.next });
      ids.push(...page.tasks.map(({ task }) => task.taskId));
    }
    return ids;
  }
}

const EVERYTHING: TaskQuery = { ...FUNCTION, order: 'oldest-first', limit: 100, includePayload: false };

export const claimBy = (owner: string): TaskEvent => ({ kind: 'claim', owner });
export const SUCCEED: TaskEvent = {
  kind: 'end',
  execution: executionOf({ kind: 'returned', result: bytesOf('done') }),
};

export function transitionOf(task: Task, event: TaskEvent, nowMs: number): Transition {
  const decision = decide(task, event, { nowMs, random: 0.5 });
  if (decision.kind !== 'go') throw new Error(`${task.status} + ${event.kind} is ${decision.kind}`);
  return decision.transition;
}

/** A test body with a store of its own. */
export function withStore(open: OpenSubject, body: (bench: Workbench) => Promise<void>) {
  return async (): Promise<void> => {
    const clock: { read: () => number } = { read: () => 0 };
    const subject = await open({ now: () => clock.read() });
    const bench = new Workbench(subject);
    clock.read = () => bench.nowMs;
    try {
      await body(bench);
    } finally {
      await subject.dispose();
    }
  };
}

export const configWith = (members: { onSuccess?: string; onFailure?: string }): NonNullable<Acceptance['config']> => ({
  functionName: FUNCTION.functionName,
  qualifier: 'LATEST',
  asyncTask: true,
  maxAsyncRetryAttempts: null,
  maxAsyncEventAgeInSeconds: null,
  onSuccess: members.onSuccess ?? null,
  onFailure: members.onFailure ?? null,
  createdAtMs: 0,
  modifiedAtMs: 0,
});
