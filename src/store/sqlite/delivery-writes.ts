/** The outbox, inside the writer's transaction. */
import type { BytesRef, PacketBytes } from './packet.ts';
import {
  beginDelivery,
  DELIVERY_MEMBERS,
  findDueDeliveries,
  postponeDelivery,
  removeDelivery,
} from './sql/deliveries.ts';
import { readPayload, readResult } from './sql/task-bytes.ts';
import { setDestinationStatus } from './sql/tasks.ts';
import type { TaskWrites } from './task-writes.ts';
import type { PackedDelivery, PackedSettlement, WriteOperations } from './thread-protocol.ts';
import type { WriteContext } from './write-context.ts';

export class DeliveryWrites {
  readonly #sql;
  readonly #tasks: TaskWrites;

  constructor({ database }: WriteContext, tasks: TaskWrites) {
    this.#tasks = tasks;
    this.#sql = {
      findDueDeliveries: findDueDeliveries(database),
      beginDelivery: beginDelivery(database),
      postponeDelivery: postponeDelivery(database),
      removeDelivery: removeDelivery(database),
      setDestinationStatus: setDestinationStatus(database),
      readPayload: readPayload(database),
      readResult: readResult(database),
    };
  }

  claim({ nowMs, leaseMs, limit }: WriteOperations['claimDeliveries'][0], bytes: PacketBytes): PackedDelivery[] {
    return this.#sql.findDueDeliveries(nowMs, limit).map((row) => {
      const [deliveryId, id, slot, destination, tryCount] = row;
      this.#sql.beginDelivery(nowMs + leaseMs, deliveryId);
      const payload = bytes.add(this.#sql.readPayload(id));
      const found = this.#sql.readResult(id);
      const result = found === undefined ? null : ([bytes.add(found[0]), found[1], found[2]] as const);
      const task = row.slice(DELIVERY_MEMBERS);
      return { deliveryId, slot, destination, tryCount: tryCount + 1, task, payload, result };
    });
  }

  /** False when a later try has it. */
  settle(settlement: PackedSettlement, read: (ref: BytesRef) => Uint8Array): boolean {
    const { deliveryId, tryCount, retryAtMs, destinationStatus, accept } = settlement;
    if (retryAtMs !== null) return this.#sql.postponeDelivery(retryAtMs, deliveryId, tryCount);
    const id = this.#sql.removeDelivery(deliveryId, tryCount);
    if (id === undefined) return false;
    this.#sql.setDestinationStatus(destinationStatus, id);
    if (accept !== null) this.#tasks.accept(accept, read);
    return true;
  }
}
