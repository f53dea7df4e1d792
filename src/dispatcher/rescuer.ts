/**
 * Returns tasks whose holder is gone to the queue. Each is decided upon and written by compare-and-set like any other
 * change: a rescuer that acted on what it read a moment ago would undo finished work.
 */
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';
import type { TaskWriter } from './task-writer.ts';

const BATCH_MAX = 500;

export class Rescuer {
  readonly #context: DispatcherContext;
  readonly #writer: TaskWriter;
  readonly duty: Duty;

  constructor(context: DispatcherContext, writer: TaskWriter) {
    this.#context = context;
    this.#writer = writer;
    this.duty = createDuty(context, 'rescuer', context.settings.leaseMs / 3, () => this.runOnce());
  }

  async runOnce(): Promise<void> {
    for (;;) {
      const lapsed = await this.#context.store.findLapsed(BATCH_MAX);
      if (lapsed.length === 0) return;
      const written = await Promise.all(lapsed.map((task) => this.#writer.write(task, { kind: 'lose' })));
      const rescued = written.filter((task) => task !== undefined).length;
      this.#context.metrics.rescued(rescued);
      this.#context.logger.info({ rescued }, 'rescued tasks of a node that is gone');
      if (rescued === 0) return;
    }
  }
}
