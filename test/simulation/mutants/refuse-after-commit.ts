import { StoreUnavailable } from '../../../src/store/store.ts';
import type { Mutant } from './mutant.ts';

/** A slow answer is taken for none. */
const PATIENCE_MS = 12;

export const refuseAfterCommit: Mutant = {
  name: 'refuse-after-commit',
  breaks: 'A caller is told that nothing was stored when the store only took its time.',
  remoteStore: (store, { clock }) => ({
    ...store,
    accept: async (tasks) => {
      const askedAtMs = clock.monotonic();
      const answers = await store.accept(tasks);
      if (clock.monotonic() - askedAtMs > PATIENCE_MS) throw new StoreUnavailable('the store took too long');
      return answers;
    },
  }),
};
