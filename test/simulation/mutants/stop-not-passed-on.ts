import type { Mutant } from './mutant.ts';
import { replacing } from './replacing.ts';

export const stopNotPassedOn: Mutant = {
  name: 'stop-not-passed-on',
  breaks: 'A stop is recorded, and the attempt that runs on the same node is not ended.',
  engine: (engine) => replacing(engine, 'stop', () => undefined),
};
