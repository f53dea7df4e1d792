import type { Mutant } from './mutant.ts';

export const listByOffset: Mutant = {
  name: 'list-by-offset',
  breaks: 'A page begins after as many tasks as were seen before, so that one that arrives meanwhile moves the others.',
  store: (store) => ({
    ...store,
    listTasks: async ({ after, ...query }) => {
      const skipped = after?.sequence ?? 0;
      const page = await store.listTasks({ ...query, limit: skipped + query.limit });
      const next = page.next && { acceptedAtMs: page.next.acceptedAtMs, sequence: skipped + query.limit };
      return { tasks: page.tasks.slice(skipped), next };
    },
  }),
};
