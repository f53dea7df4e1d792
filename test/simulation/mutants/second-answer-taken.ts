import { leasing } from './leasing.ts';
import type { Mutant } from './mutant.ts';

export const secondAnswerTaken: Mutant = {
  name: 'second-answer-taken',
  breaks: 'What an execution answers last is recorded, not what it answered first.',
  pool: (pool) =>
    leasing(pool, (lease) => ({
      ...lease,
      invoke: async (invocation, signal, onBegin) => {
        const first = await lease.invoke(invocation, signal, onBegin);
        return (await pool.secondAnswer(first)) ?? first;
      },
    })),
};
