import type { Mutant } from './mutant.ts';
import { replacing } from './replacing.ts';

export const roomNotGivenBack: Mutant = {
  name: 'room-not-given-back',
  breaks: 'The place that was reserved for a task that was not stored stays taken.',
  engine: (engine) => replacing(engine, 'cancel', () => undefined),
};
