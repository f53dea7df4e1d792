/** How many tasks wait in the store, near enough to refuse more at the bound: counted each second, added to between. */
import { isWaiting } from '../core/task.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';

const INTERVAL_MS = 1_000;

export class BacklogGauge {
  readonly #context: DispatcherContext;
  readonly duty: Duty;
  waiting = 0;

  constructor(context: DispatcherContext) {
    this.#context = context;
    this.duty = createDuty(context, 'backlog gauge', INTERVAL_MS, () => this.runOnce());
  }

  async runOnce(): Promise<void> {
    const counts = await this.#context.store.countTasks();
    this.waiting = counts.reduce((sum, { status, count }) => (isWaiting(status) ? sum + count : sum), 0);
  }

  add(count: number): void {
    this.waiting += count;
  }
}
