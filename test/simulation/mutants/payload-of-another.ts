import type { Mutant } from './mutant.ts';

export const payloadOfAnother: Mutant = {
  name: 'payload-of-another',
  breaks: 'Tasks that are claimed together all come with the payload of the first.',
  store: (store) => ({
    ...store,
    claim: async (requests, claimer) => {
      const claimed = await store.claim(requests, claimer);
      return claimed.map(({ task, payload }) => ({ task, payload: claimed[0]?.payload ?? payload }));
    },
  }),
};
