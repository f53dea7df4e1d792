import type { Mutant } from './mutant.ts';

export const stoppedMonotonicClock: Mutant = {
  name: 'stopped-monotonic-clock',
  breaks: 'A node takes its lease for good however long ago it renewed it.',
  clock: (clock) => ({ ...clock, monotonic: () => 0 }),
};
