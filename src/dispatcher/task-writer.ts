/**
 * Writes what the core decides: event in, compare-and-set out. A write that loses looks at the record again and lets
 * the core decide anew, unless the task has gone to another holder: then it was not ours to write.
 */
import { decide, type TaskEvent, type Transition } from '../core/decide.ts';
import type { Task } from '../core/task.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';

/** How long a holder waits before it offers an outcome again to a store that could not take it. */
const STORE_RETRY_MS = 500;

export class TaskWriter {
  readonly #context: DispatcherContext;
  readonly #written: (transition: Transition) => void;
  #closed = false;

  /** @param written told of every transition that was applied */
  constructor(context: DispatcherContext, written: (transition: Transition) => void) {
    this.#context = context;
    this.#written = written;
  }

  /** From now on an unavailable store is not waited for: what is not written is left to the next start's rescue. */
  close(): void {
    this.#closed = true;
  }

  /** The record as it was written; undefined when there was nothing to write (any more). */
  async write(task: Task, event: TaskEvent): Promise<Task | undefined> {
    let current: Task | undefined = task;
    while (current !== undefined) {
      const at = { nowMs: this.#context.clock.now(), random: this.#context.random() };
      const decision = decide(current, event, at);
      if (decision.kind !== 'go') return undefined;
      const { transition } = decision;
      const [answer] = await this.#patiently(() => this.#context.store.apply([transition]));
      if (answer === 'applied') {
        this.#written(transition);
        return transition.task;
      }
      this.#context.metrics.writesLost();
      current = await this.#reload(current);
    }
    return undefined;
  }

  /** The record as it is now, if it is still under the claim that `task` was read with. */
  async #reload(task: Task): Promise<Task | undefined> {
    const found = await this.#patiently(() => this.#context.store.findTask(task));
    return found?.fence === task.fence && found.requestId === task.requestId ? found : undefined;
  }

  /** An outcome is not dropped because the disk is full at the moment: dropping it would run the function again. */
  async #patiently<T>(operation: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await operation();
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || this.#closed) throw error;
        this.#context.logger.warn({ reason: error.message }, 'a task could not be written and is offered again');
        await new Promise<void>((resolve) => this.#context.clock.setTimer(STORE_RETRY_MS, resolve));
      }
    }
  }
}
