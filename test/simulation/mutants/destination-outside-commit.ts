import type { Mutant } from './mutant.ts';

export const destinationOutsideCommit: Mutant = {
  name: 'destination-outside-commit',
  breaks:
    'The task that a function destination starts is stored in a commit of its own, before the delivery is settled.',
  remoteStore: (store) => ({
    ...store,
    settleDeliveries: async (settlements) => {
      const started = settlements.flatMap((settlement) =>
        'status' in settlement && settlement.accept !== undefined ? [settlement.accept] : [],
      );
      if (started.length > 0) await store.accept(started);
      return await store.settleDeliveries(
        settlements.map((settlement) => {
          if (!('status' in settlement)) return settlement;
          const { deliveryId, tryCount, status } = settlement;
          return { deliveryId, tryCount, status };
        }),
      );
    },
  }),
};
