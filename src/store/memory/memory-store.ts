/**
 * The in-memory reference: the simplest correct implementation of the port, and the model that the engines are
 * compared with. No timers, no randomness: a simulation runs it with a clock of its own. Nothing outlives the object.
 */
import { LeaseTable } from '../lease-table.ts';
import { NonceWindow } from '../nonce-window.ts';
import type { Store } from '../store.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { MemoryPackages } from './memory-packages.ts';
import { MemoryRecords } from './memory-records.ts';
import { MemoryTaskReader } from './memory-task-reader.ts';
import { MemoryTasks } from './memory-tasks.ts';
import { MemoryTaskWriter } from './memory-task-writer.ts';

export interface MemoryStoreOptions {
  /** Epoch milliseconds; leases follow it. */
  readonly now: () => number;
  /** Nonces that are remembered at once. Defaults to 16 million. */
  readonly noncesMax?: number;
}

export function createMemoryStore({ now, noncesMax }: MemoryStoreOptions): Store {
  const tasks = new MemoryTasks();
  const outbox = new MemoryOutbox(tasks);
  const writer = new MemoryTaskWriter(tasks, outbox);
  const reader = new MemoryTaskReader(tasks);
  const records = new MemoryRecords();
  const packages = new MemoryPackages(now);
  const leases = new LeaseTable(now);
  const nonces = new NonceWindow(noncesMax);

  return {
    accept: writer.accept,
    claim: writer.claim,
    apply: writer.apply,
    deleteEnded: writer.deleteEnded,
    getTask: reader.getTask,
    findTask: reader.findTask,
    listTasks: reader.listTasks,
    waitingFunctions: reader.waitingFunctions,
    findExpired: reader.findExpired,
    nextExpiryMs: reader.nextExpiryMs,
    countTasks: reader.countTasks,
    claimDeliveries: outbox.claimDeliveries,
    settleDeliveries: outbox.settleDeliveries,
    renewLease: async (nodeId, leaseMs) => leases.renew(nodeId, leaseMs),
    endLease: async (nodeId) => leases.end(nodeId),
    findLapsed: async (limit) => reader.heldByOthers((owner) => leases.isValid(owner)).slice(0, limit),
    getRecord: records.getRecord,
    listRecords: records.listRecords,
    writeRecords: records.writeRecords,
    putPackage: packages.putPackage,
    getPackage: packages.getPackage,
    listPackages: packages.listPackages,
    deletePackages: packages.deletePackages,
    useNonce: async (use, nowMs) => nonces.use(use, nowMs),
    health: () => ({ ok: true, reason: '' }),
    close: async () => undefined,
  };
}
