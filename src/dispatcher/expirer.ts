/** Ends tasks that are past their age limit before an attempt could start. */
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';
import type { Executor } from './executor.ts';
import type { TaskWriter } from './task-writer.ts';

const INTERVAL_MS = 1_000;
const BATCH_MAX = 500;

export class Expirer {
  readonly #context: DispatcherContext;
  readonly #writer: TaskWriter;
  readonly #executor: Executor;
  readonly duty: Duty;

  constructor(context: DispatcherContext, writer: TaskWriter, executor: Executor) {
    this.#context = context;
    this.#writer = writer;
    this.#executor = executor;
    this.duty = createDuty(context, 'expirer', INTERVAL_MS, () => this.runOnce());
  }

  async runOnce(): Promise<void> {
    for (;;) {
      const expired = await this.#context.store.findExpired(this.#context.clock.now(), BATCH_MAX);
      const waiting = expired.filter((task) => task.owner === null);
      // A claimed one belongs to its holder, which ends it unless its attempt has begun.
      for (const task of expired) if (task.owner === this.#context.nodeId) this.#executor.expireUnstarted(task);
      const written = await Promise.all(waiting.map((task) => this.#writer.write(task, { kind: 'expire' })));
      if (expired.length < BATCH_MAX || !written.some((task) => task !== undefined)) return;
    }
  }
}
