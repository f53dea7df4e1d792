/** A mutant's pool. */
import type { InstanceLease, RuntimePool } from '../../../src/runtime/runtime.ts';
import { replacing } from './replacing.ts';

/** The pool, which gives another lease in the place of each. */
export function leasing(pool: RuntimePool, replaced: (lease: InstanceLease) => InstanceLease): RuntimePool {
  return replacing(pool, 'acquire', async (spec, options) => {
    const acquired = await pool.acquire(spec, options);
    return acquired.kind === 'none' ? acquired : { kind: 'instance', lease: replaced(acquired.lease) };
  });
}
