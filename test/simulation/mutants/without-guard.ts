/** A write that goes through whatever the record has become meanwhile; what has ended the store itself protects. */
import type { Transition } from '../../../src/core/decide.ts';
import { guardOf } from '../../../src/core/task.ts';
import type { Store } from '../../../src/store/store.ts';

export function writingWithoutGuard(store: Store, isBroken: (transition: Transition) => boolean): Store {
  const applyOne = async (transition: Transition): Promise<'applied' | 'lost'> => {
    const current = isBroken(transition) ? await store.findTask(transition.task) : undefined;
    const [answer = 'lost'] = await store.apply([{ ...transition, ...(current && { guard: guardOf(current) }) }]);
    return answer;
  };
  return { ...store, apply: (transitions) => Promise.all(transitions.map(applyOne)) };
}
