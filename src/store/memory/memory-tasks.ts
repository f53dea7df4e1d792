/** The rows that the parts of the memory store share. */
import type { StoredResult } from '../../core/decide.ts';
import type { FunctionKey, Task, TaskKey } from '../../core/task.ts';
import type { NewTask } from '../store.ts';

export interface TaskRow {
  readonly sequence: number;
  readonly payload: Uint8Array;
  task: Task;
  result: StoredResult | null;
}

export class MemoryTasks {
  readonly #rows = new Map<string, TaskRow>();
  #lastSequence = 0;

  insert({ task, payload }: NewTask): 'accepted' | 'duplicate' {
    const key = textOf(task);
    if (this.#rows.has(key)) return 'duplicate';
    this.#lastSequence += 1;
    this.#rows.set(key, { sequence: this.#lastSequence, payload: payload.slice(), task, result: null });
    return 'accepted';
  }

  find(key: TaskKey): TaskRow | undefined {
    return this.#rows.get(textOf(key));
  }

  delete(key: TaskKey): void {
    this.#rows.delete(textOf(key));
  }

  /** Rows that satisfy the condition, in the order of their sequence. */
  filter(condition: (row: TaskRow) => boolean): TaskRow[] {
    return [...this.#rows.values()].filter(condition);
  }
}

export function isOf(key: FunctionKey, task: Task): boolean {
  return task.account === key.account && task.functionName === key.functionName;
}

function textOf(key: TaskKey): string {
  return JSON.stringify([key.account, key.functionName, key.taskId]);
}
