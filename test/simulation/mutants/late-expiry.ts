import type { Mutant } from './mutant.ts';

const LATE_MS = 2_000;

export const lateExpiry: Mutant = {
  name: 'late-expiry',
  breaks: 'The dispatcher looks at a clock that is behind the one by which tasks are accepted.',
  clock: (clock) => ({ ...clock, now: () => clock.now() - LATE_MS }),
};
