/** Tasks and what belongs to them, between the port's shapes and the threads'. */
import type { StoredResult, Transition } from '../../core/decide.ts';
import { isFinal } from '../../core/task.ts';
import type { ClaimedDelivery, ClaimedTask, DeliverySettlement, NewTask, StoredTask } from '../store.ts';
import { decodeTask, destinationStatusCode, encodeChanging, encodeTask, statusCode } from '../task-row.ts';
import type { PacketBytes } from './packet.ts';
import type { ReadBytes } from './thread-link.ts';
import type {
  PackedClaimed,
  PackedDelivery,
  PackedNewTask,
  PackedResult,
  PackedSettlement,
  PackedStoredTask,
  PackedTransition,
} from './thread-protocol.ts';

export function packNewTask({ task, payload }: NewTask, bytes: PacketBytes): PackedNewTask {
  return [encodeTask(task), bytes.add(payload)];
}

export function packTransition(transition: Transition, bytes: PacketBytes): PackedTransition {
  const { task, guard, result, delivery } = transition;
  return {
    names: [task.account, task.functionName, task.taskId],
    // A guard on a final state matches nothing, as nothing leads on from there.
    guard: [isFinal(guard.status) ? -1 : statusCode(guard.status), guard.attempt, guard.fence],
    changing: encodeChanging(task),
    result: result === null ? null : [bytes.add(result.bytes), result.totalBytes, result.logTail],
    delivery: delivery === null ? null : [delivery.slot === 'onSuccess' ? 0 : 1, delivery.destination],
    endedAtMs: task.endedAtMs,
  };
}

export function packSettlement(settlement: DeliverySettlement, bytes: PacketBytes): PackedSettlement {
  const { deliveryId, tryCount } = settlement;
  if ('retryAtMs' in settlement) {
    return { deliveryId, tryCount, retryAtMs: settlement.retryAtMs, destinationStatus: 0, accept: null };
  }
  const accept = settlement.accept === undefined ? null : packNewTask(settlement.accept, bytes);
  return { deliveryId, tryCount, retryAtMs: null, destinationStatus: destinationStatusCode(settlement.status), accept };
}

export function unpackClaimed([row, payload]: PackedClaimed, read: ReadBytes): ClaimedTask {
  return { task: decodeTask(row), payload: kept(read(payload)) };
}

export function unpackDelivery(packed: PackedDelivery, read: ReadBytes): ClaimedDelivery {
  const { deliveryId, slot, destination, tryCount } = packed;
  return {
    deliveryId,
    slot: slot === 0 ? 'onSuccess' : 'onFailure',
    destination,
    tryCount,
    task: decodeTask(packed.task),
    payload: kept(read(packed.payload)),
    result: unpackResult(packed.result, read),
  };
}

export function unpackStoredTask({ task, payload, result }: PackedStoredTask, read: ReadBytes): StoredTask {
  return {
    task: decodeTask(task),
    payload: payload && kept(read(payload)),
    result: unpackResult(result, read),
  };
}

function unpackResult(packed: PackedResult | null, read: ReadBytes): StoredResult | null {
  if (packed === null) return null;
  const [bytes, totalBytes, logTail] = packed;
  return { bytes: kept(read(bytes)), totalBytes, logTail };
}

/** A copy: a view would keep the bytes of its whole packet in memory for as long as the task runs. */
function kept(view: Uint8Array): Uint8Array {
  return view.slice();
}
