import type { Store } from '../../../src/store/store.ts';
import type { Mutant } from './mutant.ts';

interface WrittenLease {
  /** By the clock of the node that wrote it. */
  readonly localUntilMs: number;
  readonly trueUntilMs: number;
}

const leasesOf = new WeakMap<Store, Map<string, WrittenLease>>();

export const leaseByLocalClock: Mutant = {
  name: 'lease-by-local-clock',
  breaks: 'Each node writes and compares leases by its own wall clock instead of the one clock of the store.',
  store: (store, { clock, world }) => {
    const leases = leasesOf.get(store) ?? new Map<string, WrittenLease>();
    leasesOf.set(store, leases);
    return {
      ...store,
      renewLease: async (nodeId, leaseMs) => {
        leases.set(nodeId, { localUntilMs: clock.now() + leaseMs, trueUntilMs: world.nowMs + leaseMs });
        await store.renewLease(nodeId, leaseMs);
      },
      findLapsed: async (limit) => {
        const early = [...leases].filter(
          ([, lease]) => lease.localUntilMs <= clock.now() && lease.trueUntilMs > world.nowMs,
        );
        for (const [nodeId] of early) await store.endLease(nodeId);
        const lapsed = await store.findLapsed(limit);
        for (const [nodeId, { trueUntilMs }] of early) await store.renewLease(nodeId, trueUntilMs - world.nowMs);
        return lapsed;
      },
    };
  },
};
