import type { DeliveryOrder } from '../../core/decide.ts';
import type { Task, TaskKey } from '../../core/task.ts';
import type { ClaimedDelivery, DeliverySettlement, Outbox } from '../store.ts';
import type { MemoryTasks, TaskRow } from './memory-tasks.ts';

interface DeliveryRow extends DeliveryOrder {
  readonly deliveryId: number;
  readonly row: TaskRow;
  tryCount: number;
  dueAtMs: number;
}

export class MemoryOutbox implements Outbox {
  readonly #tasks: MemoryTasks;
  readonly #deliveries = new Map<number, DeliveryRow>();
  #lastDeliveryId = 0;

  constructor(tasks: MemoryTasks) {
    this.#tasks = tasks;
  }

  /** Due at once: from the end of its task. */
  add(task: Task, order: DeliveryOrder): void {
    const row = this.#tasks.find(task);
    if (row === undefined) return;
    this.#lastDeliveryId += 1;
    const deliveryId = this.#lastDeliveryId;
    this.#deliveries.set(deliveryId, { ...order, deliveryId, row, tryCount: 0, dueAtMs: task.endedAtMs ?? 0 });
  }

  hasDeliveryOf(key: TaskKey): boolean {
    const row = this.#tasks.find(key);
    return [...this.#deliveries.values()].some((delivery) => delivery.row === row);
  }

  claimDeliveries: Outbox['claimDeliveries'] = async ({ nowMs, leaseMs, limit }) => {
    const due = [...this.#deliveries.values()]
      .filter((delivery) => delivery.dueAtMs <= nowMs)
      .sort((a, b) => a.dueAtMs - b.dueAtMs || a.deliveryId - b.deliveryId)
      .slice(0, limit);
    return due.map((delivery) => {
      delivery.dueAtMs = nowMs + leaseMs;
      delivery.tryCount += 1;
      return claimed(delivery);
    });
  };

  settleDeliveries: Outbox['settleDeliveries'] = async (settlements) =>
    settlements.map((settlement) => this.#settle(settlement));

  #settle(settlement: DeliverySettlement): 'settled' | 'lost' {
    const delivery = this.#deliveries.get(settlement.deliveryId);
    if (delivery === undefined || delivery.tryCount !== settlement.tryCount) return 'lost';
    if ('retryAtMs' in settlement) {
      delivery.dueAtMs = settlement.retryAtMs;
      return 'settled';
    }
    this.#deliveries.delete(delivery.deliveryId);
    delivery.row.task = { ...delivery.row.task, destinationStatus: settlement.status };
    if (settlement.accept) this.#tasks.insert(settlement.accept);
    return 'settled';
  }
}

function claimed({ deliveryId, slot, destination, tryCount, row }: DeliveryRow): ClaimedDelivery {
  const { task, payload, result } = row;
  return { deliveryId, slot, destination, tryCount, task, payload: payload.slice(), result };
}
