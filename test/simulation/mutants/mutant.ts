/**
 * A fault put into the engine on purpose, at a seam and not in its code. The simulation must find each of them: what
 * it does not find there it would not find in the engine either.
 */
import type { Clock } from '../../../src/core/clock.ts';
import type { RuntimePool } from '../../../src/runtime/runtime.ts';
import type { Engine } from '../../../src/service/service-context.ts';
import type { Store } from '../../../src/store/store.ts';
import type { SimulatedPool } from '../node/simulated-pool.ts';
import type { SimulatedProcess } from '../node/simulated-process.ts';

export interface Mutant {
  readonly name: string;
  /** One sentence: what no longer holds. */
  readonly breaks: string;
  /** The store as this node's calls find it; each operation happens at one instant. */
  readonly store?: (store: Store, process: SimulatedProcess) => Store;
  /** The store as this node calls it: around its way there and back. */
  readonly remoteStore?: (store: Store, process: SimulatedProcess) => Store;
  readonly clock?: (clock: Clock, process: SimulatedProcess) => Clock;
  readonly pool?: (pool: SimulatedPool) => RuntimePool;
  /** The dispatcher as the operations see it. */
  readonly engine?: (engine: Engine) => Engine;
}

/** The engine as it is. */
export const NO_MUTANT: Mutant = { name: 'none', breaks: 'nothing' };
