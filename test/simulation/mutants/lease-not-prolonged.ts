import type { Mutant } from './mutant.ts';

export const leaseNotProlonged: Mutant = {
  name: 'lease-not-prolonged',
  breaks: 'Only the first renewal of a lease has an effect.',
  store: (store) => {
    const known = new Set<string>();
    return {
      ...store,
      renewLease: async (nodeId, leaseMs) => {
        if (known.has(nodeId)) return;
        known.add(nodeId);
        await store.renewLease(nodeId, leaseMs);
      },
    };
  },
};
