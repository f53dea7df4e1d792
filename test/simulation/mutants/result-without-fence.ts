import type { Mutant } from './mutant.ts';
import { writingWithoutGuard } from './without-guard.ts';

export const resultWithoutFence: Mutant = {
  name: 'result-without-fence',
  breaks: 'A node that lost its claim may still record the outcome of its attempt.',
  store: (store) => writingWithoutGuard(store, ({ task }) => task.status === 'Succeeded' || task.status === 'Failed'),
};
