import type { ClaimedTask, Store } from '../../../src/store/store.ts';
import type { Mutant } from './mutant.ts';

const lastClaims = new WeakMap<Store, readonly ClaimedTask[]>();

export const claimGivenTwice: Mutant = {
  name: 'claim-given-twice',
  breaks: 'Two nodes that claim at about the same time get the same task.',
  store: (store) => ({
    ...store,
    claim: async (requests, claimer) => {
      const claimed = await store.claim(requests, claimer);
      const given = claimed.length > 0 ? claimed : (lastClaims.get(store) ?? []);
      lastClaims.set(store, claimed);
      return given.filter(({ task }) => requests.some(({ functionName }) => functionName === task.functionName));
    },
  }),
};
