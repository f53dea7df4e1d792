/** Takes due rows of the outbox to their destinations and settles them. */
import { parseArn } from '../core/arn.ts';
import { backoffMs } from '../core/retry-policy.ts';
import type { FunctionKey } from '../core/task.ts';
import type { DeliveryResult } from '../destination/destination.ts';
import type { ClaimedDelivery, DeliverySettlement } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';

const INTERVAL_MS = 1_000;
const BATCH_MAX = 100;
/** About ten minutes of backoff; then the delivery has failed. */
const TRIES_MAX = 16;

export class Deliverer {
  readonly #context: DispatcherContext;
  readonly #accepted: (key: FunctionKey, dueAtMs: number) => void;
  readonly duty: Duty;

  /** @param accepted told of tasks that deliveries to functions started */
  constructor(context: DispatcherContext, accepted: (key: FunctionKey, dueAtMs: number) => void) {
    this.#context = context;
    this.#accepted = accepted;
    this.duty = createDuty(context, 'deliverer', INTERVAL_MS, () => this.runOnce());
  }

  async runOnce(): Promise<void> {
    for (;;) {
      const { store, clock, settings } = this.#context;
      // One whose deliverer is gone is tried again when its tasks are, too.
      const due = await store.claimDeliveries({ nowMs: clock.now(), leaseMs: settings.leaseMs, limit: BATCH_MAX });
      if (due.length > 0) await this.#settle(due);
      if (due.length < BATCH_MAX) return;
    }
  }

  async #settle(due: readonly ClaimedDelivery[]): Promise<void> {
    const settlements = await Promise.all(due.map((delivery) => this.#deliver(delivery)));
    const answers = await this.#context.store.settleDeliveries(settlements);
    for (const [index, settlement] of settlements.entries()) {
      const delivery = due[index];
      if (answers[index] !== 'settled' || delivery === undefined || 'retryAtMs' in settlement) continue;
      this.#context.metrics.destination(delivery.task, settlement.status);
      if (settlement.accept === undefined) continue;
      const { task } = settlement.accept;
      this.#context.metrics.enqueued(task);
      this.#accepted(task, task.dueAtMs);
    }
  }

  async #deliver(delivery: ClaimedDelivery): Promise<DeliverySettlement> {
    const { deliveryId, tryCount, task } = delivery;
    const result = await this.#attempt(delivery);
    if (result.kind === 'delivered') {
      return { deliveryId, tryCount, status: 'Succeeded', ...(result.accept && { accept: result.accept }) };
    }
    const { requestId } = task;
    const last = result.kind === 'refused' || tryCount >= TRIES_MAX;
    this.#context.logger.warn(
      { requestId, destination: delivery.destination, tryCount, reason: result.reason },
      last ? 'a delivery failed' : 'a delivery will be tried again',
    );
    if (last) return { deliveryId, tryCount, status: 'Failed' };
    return { deliveryId, tryCount, retryAtMs: this.#context.clock.now() + backoffMs(tryCount, this.#context.random()) };
  }

  async #attempt({ destination, task, payload, result }: ClaimedDelivery): Promise<DeliveryResult> {
    const arn = parseArn(destination);
    const kind = arn && this.#context.destinations.get(arn.service);
    if (!arn || !kind) return { kind: 'refused', reason: `no destination of this kind is known: ${destination}` };
    const ended = { task, payload, result: result?.bytes ?? null };
    return await kind.deliver({ arn, ended, nowMs: this.#context.clock.now() });
  }
}
