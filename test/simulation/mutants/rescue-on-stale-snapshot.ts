import { INSTANCE_LOST } from '../../../src/core/decide.ts';
import type { Mutant } from './mutant.ts';
import { writingWithoutGuard } from './without-guard.ts';

export const rescueOnStaleSnapshot: Mutant = {
  name: 'rescue-on-stale-snapshot',
  breaks: 'The rescuer writes what it decided on a record that it read a moment ago, whatever the record is now.',
  store: (store) => writingWithoutGuard(store, ({ task }) => task.history.at(-1)?.error === INSTANCE_LOST),
};
