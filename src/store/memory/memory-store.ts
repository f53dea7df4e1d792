/**
 * The in-memory reference: the simplest correct implementation of the port, and the model that the engines are
 * compared with. No timers, no randomness: a simulation runs it with a clock of its own. Nothing outlives the object.
 */
import { LeaseTable } from '../lease-table.ts';
import { NonceWindow } from '../nonce-window.ts';
import type { Sharing, Store } from '../store.ts';
import { MemoryNodes } from './memory-nodes.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { MemoryPackages } from './memory-packages.ts';
import { MemoryPlaces } from './memory-places.ts';
import { MemoryRecords } from './memory-records.ts';
import { MemorySignals } from './memory-signals.ts';
import { MemoryTaskReader } from './memory-task-reader.ts';
import { MemoryTaskWriter } from './memory-task-writer.ts';
import { MemoryTasks } from './memory-tasks.ts';

export interface MemoryStoreOptions {
  /** Epoch milliseconds; leases follow it. */
  readonly now: () => number;
  /** Nonces that are remembered at once. Defaults to 16 million. */
  readonly noncesMax?: number;
  /** As an engine that several nodes use at once. Defaults to false. */
  readonly shared?: boolean;
}

export function createMemoryStore({ now, noncesMax, shared = false }: MemoryStoreOptions): Store {
  const signals = new MemorySignals();
  const tasks = new MemoryTasks(signals);
  const outbox = new MemoryOutbox(tasks);
  const leases = new LeaseTable(now);
  const places = new MemoryPlaces(tasks, leases);
  const writer = new MemoryTaskWriter(tasks, outbox, places);
  const reader = new MemoryTaskReader(tasks);
  const records = new MemoryRecords(signals);
  const packages = new MemoryPackages(now);
  const nodes = new MemoryNodes(leases, places);
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
    countTasks: reader.countTasks,
    claimDeliveries: outbox.claimDeliveries,
    settleDeliveries: outbox.settleDeliveries,
    renewLease: nodes.renewLease,
    endLease: nodes.endLease,
    findLapsed: async (limit) => reader.heldByOthers((owner) => leases.isValid(owner)).slice(0, limit),
    getRecord: records.getRecord,
    listRecords: records.listRecords,
    writeRecords: records.writeRecords,
    putPackage: packages.putPackage,
    getPackage: packages.getPackage,
    listPackages: packages.listPackages,
    deletePackages: packages.deletePackages,
    useNonce: async (use, nowMs) => nonces.use(use, nowMs),
    sharing: shared ? sharingOf({ signals, places, nodes, reader, records }) : null,
    health: () => ({ ok: true, reason: '' }),
    close: async () => undefined,
  };
}

interface SharedParts {
  readonly signals: MemorySignals;
  readonly places: MemoryPlaces;
  readonly nodes: MemoryNodes;
  readonly reader: MemoryTaskReader;
  readonly records: MemoryRecords;
}

function sharingOf({ signals, places, nodes, reader, records }: SharedParts): Sharing {
  return {
    takePlace: places.takePlace,
    freePlace: places.freePlace,
    findHeld: async (owner) => reader.heldBy(owner),
    findStopping: async (owner) => reader.heldBy(owner).filter(({ status }) => status === 'Stopping'),
    recordsVersion: async () => records.version,
    publishNode: nodes.publishNode,
    liveNodes: nodes.liveNodes,
    onSignal: (listener) => signals.listen(listener),
  };
}
