import type { InstanceLease } from '../../../src/runtime/runtime.ts';
import { leasing } from './leasing.ts';
import type { Mutant } from './mutant.ts';

export const noSelfFencing: Mutant = {
  name: 'no-self-fencing',
  breaks: 'A node that cannot renew its lease lets its attempts go on.',
  pool: (pool) => leasing(pool, endedByStopsOnly),
};

function endedByStopsOnly(lease: InstanceLease): InstanceLease {
  return {
    ...lease,
    invoke: (invocation, signal, onBegin) => {
      const stop = new AbortController();
      signal.addEventListener('abort', () => {
        if (signal.reason === 'stop') stop.abort('stop');
      });
      return lease.invoke(invocation, stop.signal, onBegin);
    },
  };
}
