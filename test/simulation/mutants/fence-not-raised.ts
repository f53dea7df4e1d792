import { guardOf } from '../../../src/core/task.ts';
import type { Mutant } from './mutant.ts';

export const fenceNotRaised: Mutant = {
  name: 'fence-not-raised',
  breaks: 'A claim after the first leaves the fence as it was, so that an older holder writes like the new one.',
  store: (store) => ({
    ...store,
    claim: async (requests, claimer) => {
      const claimed = await store.claim(requests, claimer);
      const lowered = claimed.map(({ task, payload }) =>
        task.fence === 1 ? { task, payload } : { task: { ...task, fence: task.fence - 1 }, payload },
      );
      for (const [index, { task }] of claimed.entries()) {
        const low = lowered[index]?.task ?? task;
        if (low !== task) await store.apply([{ guard: guardOf(task), task: low, result: null, delivery: null }]);
      }
      return lowered;
    },
  }),
};
