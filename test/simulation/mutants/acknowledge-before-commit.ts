import type { Mutant } from './mutant.ts';

export const acknowledgeBeforeCommit: Mutant = {
  name: 'acknowledge-before-commit',
  breaks: 'The caller is told that a task is accepted while its commit is still on the way.',
  remoteStore: (store) => ({
    ...store,
    accept: async (tasks) => {
      store.accept(tasks).catch(() => undefined);
      return tasks.map(() => 'accepted');
    },
  }),
};
