import type { Transition } from '../../../src/core/decide.ts';
import type { Task } from '../../../src/core/task.ts';
import type { Mutant } from './mutant.ts';

export const stopForgottenOnTakeover: Mutant = {
  name: 'stop-forgotten-on-takeover',
  breaks: 'A task that was being stopped when its node was lost goes back to waiting.',
  store: (store, { nodeId }) => ({
    ...store,
    apply: (transitions) =>
      Promise.all(
        transitions.map(async (transition) => {
          const owner = (await store.findTask(transition.task))?.owner;
          const isTakeover = transition.guard.status === 'Stopping' && owner !== nodeId;
          const [answer = 'lost'] = await store.apply([isTakeover ? forgetful(transition) : transition]);
          return answer;
        }),
      ),
  }),
};

function forgetful(transition: Transition): Transition {
  const { task } = transition;
  const history = task.history.map((entry, index) =>
    index === task.history.length - 1 ? { ...entry, status: 'Retrying' as const } : entry,
  );
  const waiting: Task = { ...task, status: 'Retrying', endedAtMs: null, history };
  return { ...transition, task: waiting, delivery: null };
}
