import { LeaseTable } from '../lease-table.ts';
import type { Leases } from '../store.ts';
import type { StoreLinks } from './task-calls.ts';
import { decodeTask } from '../task-row.ts';

/** No other process can have the folder open, so a node that this one did not register is gone. */
export function leaseCalls({ reader }: StoreLinks, monotonic: () => number): Leases {
  const leases = new LeaseTable(monotonic);
  return {
    renewLease: async (nodeId, leaseMs) => leases.renew(nodeId, leaseMs),
    endLease: async (nodeId) => leases.end(nodeId),
    findLapsed: (limit) =>
      reader.call(
        'findLapsed',
        () => ({ livingNodes: leases.validNodes(), limit }),
        (rows) => rows.map(decodeTask),
      ),
  };
}
