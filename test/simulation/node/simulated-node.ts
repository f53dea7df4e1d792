/** A node: the real dispatcher and the real operations, on a simulated process, store, pool and destinations. */
import { LATEST } from '../../../src/core/names.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { FunctionDestination } from '../../../src/destination/function/function-destination.ts';
import { Dispatcher } from '../../../src/dispatcher/dispatcher.ts';
import { FunctionDirectory } from '../../../src/service/function-directory.ts';
import { functionSource } from '../../../src/service/resource-store.ts';
import type { ServiceContext } from '../../../src/service/service-context.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import type { CheckedStore } from '../checks/checked-store.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { World } from '../world/world.ts';
import { countingMetrics } from './counting-metrics.ts';
import { QueueDestination } from './queue-destination.ts';
import { remoteStore } from './remote-store.ts';
import { SimulatedPool, type SimulatedPoolOptions } from './simulated-pool.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** How long a change of a function on another node may go unseen. */
const DIRECTORY_AGE_MS = 10_000;
const REGION = 'local';
const DOCUMENT_BYTES_MAX = 64 * 1024;

/** The part of its cluster that a node meets. */
export interface Surroundings extends Pick<SimulatedPoolOptions, 'swarm' | 'executions' | 'rules'> {
  readonly world: World;
  readonly mutant: Mutant;
  /** The one store, without checks. */
  readonly truth: Store;
  readonly checkedStore: CheckedStore;
  /** Request ids of tasks whose end arrived at the queue. */
  readonly arrived: Set<string>;
  readonly isHealed: boolean;
  readonly newRequestId: () => string;
  crash(node: SimulatedNode): void;
}

export class SimulatedNode {
  readonly process: SimulatedProcess;
  readonly context: ServiceContext;
  readonly dispatcher: Dispatcher;
  /** Takes requests. */
  isServing = false;
  /** Its place in the cluster, which the node that follows it takes. */
  readonly place: number;

  constructor(cluster: Surroundings, process: SimulatedProcess, place: number) {
    this.process = process;
    this.place = place;
    const { world, swarm, executions, rules, mutant } = cluster;
    const remote = this.#remote(cluster);
    const store = mutant.remoteStore?.(remote, this.process) ?? remote;
    const functions = new FunctionDirectory({
      source: functionSource(store),
      now: process.clock.now,
      random: world.random.next,
      maxAgeMs: DIRECTORY_AGE_MS,
    });
    const clock = mutant.clock?.(process.clock, process) ?? process.clock;
    const pool = new SimulatedPool({ world, swarm, executions, rules, process, isHealed: () => cluster.isHealed });
    this.dispatcher = new Dispatcher({
      store,
      pool: mutant.pool?.(pool) ?? pool,
      destinations: this.#destinations(cluster, functions),
      functions: {
        resolve: (key, qualifier) => functions.resolve(key, qualifier),
        policy: (key) => functions.policy(key),
        mustEnd: (key) => functions.mustEnd(key),
        forget: (changed) => {
          functions.forgetChanged(changed);
        },
        provisioned: async () => [],
        removeUnusedPackages: async () => undefined,
      },
      clock,
      random: world.random.next,
      logger: silentLogger,
      metrics: countingMetrics(world.coverage),
      nodeId: process.nodeId,
      settings: { region: REGION, leaseMs: cluster.swarm.leaseMs, retentionMs: 86_400_000 },
      onBug: (error) => {
        world.violated(`${process.nodeId} says that it has a bug: ${String(error)}`);
      },
    });
    this.context = this.#context(cluster, functions, store);
  }

  #remote(cluster: Surroundings): Store {
    const { world, swarm, truth, mutant, checkedStore } = cluster;
    const atomic = mutant.store?.(truth, this.process) ?? truth;
    const store = checkedStore.as(this.process, atomic);
    const { process } = this;
    const endNode = (): void => {
      cluster.crash(this);
    };
    return remoteStore({ world, swarm, store, process, endNode, isHealed: () => cluster.isHealed });
  }

  #destinations(cluster: Surroundings, functions: FunctionDirectory): ReadonlyMap<string, Destination> {
    const { world, swarm, arrived } = cluster;
    const failureRate = (): number => (cluster.isHealed ? 0 : swarm.destinationFailureRate);
    const toFunction = new FunctionDestination({
      region: REGION,
      newRequestId: cluster.newRequestId,
      documentBytesMax: DOCUMENT_BYTES_MAX,
      findTarget: async (key, qualifier) => {
        if ((await functions.policy(key)) === undefined) return undefined;
        return { config: await functions.asyncConfig(key, qualifier === '' ? LATEST : qualifier) };
      },
    });
    const toQueue = new QueueDestination({ world, process: this.process, failureRate, arrived });
    return new Map<string, Destination>([
      ['fc', toFunction],
      ['mns', toQueue],
    ]);
  }

  #context(cluster: Surroundings, functions: FunctionDirectory, store: Store): ServiceContext {
    const { mutant } = cluster;
    return {
      store,
      functions,
      engine: mutant.engine?.(this.dispatcher) ?? this.dispatcher,
      packages: {
        runtimes: [],
        needsCode: () => true,
        settingsProblem: () => undefined,
        admit: async () => ({ problem: 'no code is simulated' }),
      },
      destinations: { services: ['fc', 'mns'], check: () => undefined },
      settings: {
        region: REGION,
        accountId: '1000000000000000',
        triggerBaseUrl: null,
        asyncPayloadBytesMax: 1024,
        delaySecondsMax: 60,
        backlogMax: 1000,
        sealingKey: new Uint8Array(32),
      },
      now: this.process.clock.now,
      random: cluster.world.random.next,
      newUuid: cluster.newRequestId,
    };
  }
}
