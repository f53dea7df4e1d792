import type { Mutant } from './mutant.ts';

export const endWithoutDelivery: Mutant = {
  name: 'end-without-delivery',
  breaks: 'The row of the outbox is not written with the end of the task.',
  store: (store) => ({
    ...store,
    apply: (transitions) => store.apply(transitions.map((transition) => ({ ...transition, delivery: null }))),
  }),
};
