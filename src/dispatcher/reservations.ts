/** Tasks that were claimed on their way into the store: between the claim's decision and the answer to its commit. */
import { invariant } from '../core/invariant.ts';
import type { Task, TaskKey } from '../core/task.ts';

export class Reservations {
  /** The lease's term when the claim was decided. */
  readonly #terms = new Map<Task, number>();
  #waiting: (() => void)[] = [];

  add(reserved: Task, term: number): void {
    this.#terms.set(reserved, term);
  }

  /** Whether a task is on its way into the store under this claim. */
  has({ requestId, fence }: Task): boolean {
    return [...this.#terms.keys()].some((reserved) => reserved.requestId === requestId && reserved.fence === fence);
  }

  /** Whether a task of this id is on its way into the store, whoever sent it. */
  hasId({ account, functionName, taskId }: TaskKey): boolean {
    return [...this.#terms.keys()].some(
      (reserved) =>
        reserved.taskId === taskId && reserved.functionName === functionName && reserved.account === account,
    );
  }

  /** Its commit was answered; gives the term. Takes the very record that was added. */
  settle(reserved: Task): number {
    const term = this.#terms.get(reserved);
    invariant(term !== undefined, 'a task is settled once, by the record that was reserved');
    this.#terms.delete(reserved);
    if (this.#terms.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    return term;
  }

  /** Resolves when none is under way. */
  async settled(): Promise<void> {
    if (this.#terms.size === 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
