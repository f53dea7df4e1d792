/** A destination that takes documents, or does not; it remembers which tasks it was told of. */
import type { Arn } from '../../../src/core/arn.ts';
import type { EndedTask } from '../../../src/core/destination-document.ts';
import type { DeliveryResult, Destination } from '../../../src/destination/destination.ts';
import type { World } from '../world/world.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface QueueDestinationOptions {
  readonly world: World;
  readonly process: SimulatedProcess;
  /** In [0, 1], at the moment. */
  readonly failureRate: () => number;
  /** Request ids of the tasks whose end arrived here: the cluster's, not one node's. */
  readonly arrived: Set<string>;
}

const ANSWER_MS_MAX = 100;

export class QueueDestination implements Destination {
  readonly service = 'mns';
  readonly #options: QueueDestinationOptions;

  constructor(options: QueueDestinationOptions) {
    this.#options = options;
  }

  check(): undefined {
    return undefined;
  }

  deliver({ ended }: { readonly arn: Arn; readonly ended: EndedTask }): Promise<DeliveryResult> {
    const { world, process, failureRate, arrived } = this.#options;
    const fails = world.random.chance(failureRate());
    return new Promise((resolve) => {
      world.after(world.random.integer(1, ANSWER_MS_MAX), `${process.nodeId} delivers`, () => {
        if (!fails) arrived.add(ended.task.requestId);
        process.resume('delivered', () => resolve(fails ? { kind: 'retry', reason: 'busy' } : { kind: 'delivered' }));
      });
    });
  }
}
