import type { Leases } from '../store.ts';
import { retryWhenLost } from './retry-when-lost.ts';
import type { SessionPool } from './session-pool.ts';
import { endLease, readLapsed, renewLease } from './sql/leases.ts';
import type { GivenTime } from './sql/now.ts';
import { unpackTask } from './task-packing.ts';

export interface LeaseCallsParts {
  /** Connections that no work on tasks can take: while leases are kept, slowness costs no task its node. */
  readonly keepers: SessionPool;
  readonly readers: SessionPool;
  readonly now: () => GivenTime;
}

export function leaseCalls({ keepers, readers, now }: LeaseCallsParts): Leases {
  return {
    renewLease: (nodeId, leaseMs) =>
      keepers.use((session) => retryWhenLost(() => renewLease(session, nodeId, leaseMs, now()))),
    endLease: (nodeId) => keepers.use((session) => retryWhenLost(() => endLease(session, nodeId))),
    findLapsed: async (limit) => (await readers.use((session) => readLapsed(session, limit, now()))).map(unpackTask),
  };
}
