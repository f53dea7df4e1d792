import type { Mutant } from './mutant.ts';

export const duplicateAccepted: Mutant = {
  name: 'duplicate-accepted',
  breaks: 'A second task of the same id is acknowledged and not stored.',
  remoteStore: (store) => ({
    ...store,
    accept: async (tasks) => (await store.accept(tasks)).map(() => 'accepted'),
  }),
};
