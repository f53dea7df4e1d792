/**
 * A node's way to the store: each call travels, happens at one instant, and its answer travels back. On the way a call
 * may be slow, may fail before it happens, or happen and lose its answer.
 */
import { type Sharing, type Store, StoreUnavailable } from '../../../src/store/store.ts';
import type { CoveragePoint } from '../world/coverage.ts';
import type { Swarm } from '../world/swarm.ts';
import type { World } from '../world/world.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface RemoteStoreOptions {
  readonly world: World;
  readonly process: SimulatedProcess;
  readonly swarm: Swarm;
  /** Faults are over. */
  readonly isHealed: () => boolean;
  /** The operations themselves, each at one instant. */
  readonly store: Store;
  /**
   * Ends the node after it lost the answer to a claim, where it cannot ask what it holds: an engine that one process
   * alone can open ends that process whenever an answer is lost.
   */
  readonly endNode: () => void;
}

const TRAVEL_MS_MAX = 8;
const SLOW_MS_MAX = 2_500;
/** How long a node waits before it takes a store for unreachable. */
const GIVE_UP_MS = 300;

type Call<In extends readonly unknown[], Out> = (...input: In) => Promise<Out>;

export function remoteStore(options: RemoteStoreOptions): Store {
  const { store } = options;
  const road = new Road(options);
  return {
    accept: road.claim('accept', store.accept, 'an accept committed and its answer was lost'),
    claim: road.claim('claim', store.claim, 'a claim committed and its answer was lost'),
    apply: road.write('apply', store.apply),
    deleteEnded: road.write('deleteEnded', store.deleteEnded),
    getTask: road.read('getTask', store.getTask),
    findTask: road.read('findTask', store.findTask),
    listTasks: road.read('listTasks', store.listTasks),
    waitingFunctions: road.read('waitingFunctions', store.waitingFunctions),
    findExpired: road.read('findExpired', store.findExpired),
    countTasks: road.read('countTasks', store.countTasks),
    claimDeliveries: road.write('claimDeliveries', store.claimDeliveries),
    settleDeliveries: road.write('settleDeliveries', store.settleDeliveries),
    renewLease: road.write('renewLease', store.renewLease),
    endLease: road.write('endLease', store.endLease),
    findLapsed: road.read('findLapsed', store.findLapsed),
    getRecord: road.read('getRecord', store.getRecord),
    listRecords: road.read('listRecords', store.listRecords),
    writeRecords: road.write('writeRecords', store.writeRecords),
    putPackage: road.write('putPackage', store.putPackage),
    getPackage: road.read('getPackage', store.getPackage),
    listPackages: road.read('listPackages', store.listPackages),
    deletePackages: road.write('deletePackages', store.deletePackages),
    useNonce: road.write('useNonce', store.useNonce),
    close: store.close,
    health: store.health,
    sharing: store.sharing && remoteSharing(options, road, store.sharing),
  };
}

function remoteSharing({ world, process, swarm, isHealed }: RemoteStoreOptions, road: Road, sharing: Sharing): Sharing {
  const takePlace = road.write('takePlace', sharing.takePlace);
  const freePlace = road.write('freePlace', sharing.freePlace);
  const doubtful = new Set<string>();
  return {
    takePlace: (place, concurrencyMax) =>
      takePlace(place, concurrencyMax).catch((error: unknown) => {
        if (isUnknown(error)) doubtful.add(place.placeId);
        throw error;
      }),
    freePlace: (place) => {
      if (doubtful.has(place.placeId)) world.coverage.hit('a place was freed after the answer to taking it was lost');
      return freePlace(place);
    },
    findHeld: road.read('findHeld', sharing.findHeld),
    findStopping: road.read('findStopping', sharing.findStopping),
    recordsVersion: road.read('recordsVersion', sharing.recordsVersion),
    publishNode: road.write('publishNode', sharing.publishNode),
    liveNodes: road.read('liveNodes', sharing.liveNodes),
    onSignal: (listener) =>
      sharing.onSignal((signal) => {
        if (!process.isAlive) return;
        const isSlow = world.random.chance(swarm.signalSlowRate);
        if (process.isCut || (!isHealed() && world.random.chance(swarm.signalLossRate))) {
          world.coverage.hit('a signal was lost');
          return;
        }
        world.after(world.random.integer(1, isSlow ? SLOW_MS_MAX : TRAVEL_MS_MAX), '', () => {
          process.resume('signal', () => listener(signal));
        });
      }),
  };
}

type Fate = 'happens' | 'fails' | 'loses its answer';

class Road {
  readonly #options: RemoteStoreOptions;

  constructor(options: RemoteStoreOptions) {
    this.#options = options;
  }

  read<In extends readonly unknown[], Out>(name: string, operation: Call<In, Out>): Call<In, Out> {
    return (...input) => this.#travel(name, () => operation(...input), this.#fate(false));
  }

  write<In extends readonly unknown[], Out>(name: string, operation: Call<In, Out>): Call<In, Out> {
    const { world } = this.#options;
    return async (...input) => {
      try {
        return await this.#travel(name, () => operation(...input), this.#fate(true));
      } catch (error) {
        if (isUnknown(error)) world.coverage.hit('a write committed and its answer was lost');
        throw error;
      }
    };
  }

  /** A write after which the node holds tasks. */
  claim<In extends readonly unknown[], Out>(
    name: string,
    operation: Call<In, Out>,
    lost: CoveragePoint,
  ): Call<In, Out> {
    const call = this.write(name, operation);
    return async (...input) => {
      try {
        return await call(...input);
      } catch (error) {
        if (isUnknown(error)) {
          this.#options.world.coverage.hit(lost);
          if (this.#options.store.sharing !== null) throw error;
          this.#options.endNode();
          // A promise of its own: one for all would hold whatever ever waited for it, and so each such seed's world.
          return await new Promise<never>(() => undefined);
        }
        throw error;
      }
    };
  }

  #fate(isWrite: boolean): Fate {
    const { world, swarm, isHealed, process } = this.#options;
    if (process.isCut) return 'fails';
    if (isHealed()) return 'happens';
    if (world.random.chance(swarm.storeFailureRate)) return 'fails';
    return isWrite && world.random.chance(swarm.storeUnknownRate) ? 'loses its answer' : 'happens';
  }

  #travel<Out>(name: string, operation: () => Promise<Out>, fate: Fate): Promise<Out> {
    const { world, process } = this.#options;
    const label = `${process.nodeId} ${name}`;
    return new Promise((resolve, reject) => {
      const answer = (delayMs: number, action: () => void, how: string): void => {
        world.after(delayMs, `${label} ${how}`, () => {
          process.resume(label, action);
        });
      };
      if (fate === 'fails') {
        answer(GIVE_UP_MS, () => reject(new StoreUnavailable(`${name} was not done`)), 'failed');
        return;
      }
      world.after(this.#travelMs(), label, () => {
        void operation().then((out) => {
          if (fate === 'happens' && !process.isCut) {
            answer(this.#travelMs(), () => resolve(out), 'answered');
            return;
          }
          const lost = new StoreUnavailable(`${name} was not answered`, { outcomeUnknown: true });
          answer(GIVE_UP_MS, () => reject(lost), 'was not answered');
        });
      });
    });
  }

  #travelMs(): number {
    const { world, swarm, isHealed } = this.#options;
    const isSlow = !isHealed() && world.random.chance(swarm.storeSlowRate);
    return world.random.integer(1, isSlow ? SLOW_MS_MAX : TRAVEL_MS_MAX);
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof StoreUnavailable && error.outcomeUnknown;
}
