/** What the nodes of one store need of each other. */
import { HELD_STATUSES } from '../../core/task.ts';
import type { Sharing, SyncPlace } from '../store.ts';
import { statusCode } from '../task-row.ts';
import { GatheredCalls } from './gathered-calls.ts';
import { retryWhenLost } from './retry-when-lost.ts';
import type { SessionPool } from './session-pool.ts';
import type { Session } from './session.ts';
import type { SignalBus } from './signal-bus.ts';
import { publishNode, readHeld, readNodes } from './sql/leases.ts';
import type { GivenTime } from './sql/now.ts';
import { freePlaces, lockBounds, type PlaceAnswer, type PlaceRow, takePlaces } from './sql/places.ts';
import { readRecordsVersion } from './sql/records.ts';
import { unpackTask } from './task-packing.ts';

const PLACES_A_BATCH_MAX = 200;
const HELD_CODES = HELD_STATUSES.map(statusCode);
const STOPPING_CODES = [statusCode('Stopping')];

export interface SharingCallsParts {
  readonly writers: SessionPool;
  readonly readers: SessionPool;
  readonly signals: SignalBus;
  readonly now: () => GivenTime;
}

export class SharingCalls implements Sharing {
  readonly #parts: SharingCallsParts;
  readonly #taking: GatheredCalls<PlaceRow, PlaceAnswer>;
  readonly #freeing: GatheredCalls<SyncPlace, undefined>;

  constructor(parts: SharingCallsParts) {
    this.#parts = parts;
    const { writers, now } = parts;
    const limits = { sizeOf: () => 1, sizeMax: PLACES_A_BATCH_MAX, keysOf: keysOfPlace };
    this.#taking = new GatheredCalls<PlaceRow, PlaceAnswer>({
      ...limits,
      purpose: 'synchronous executions',
      run: (places) => writers.use((session) => session.transaction(() => takeUnderLock(session, places, now()))),
    });
    this.#freeing = new GatheredCalls<SyncPlace, undefined>({
      ...limits,
      purpose: 'ends of synchronous executions',
      run: async (places) => {
        await writers.use((session) => freePlaces(session, places));
        return places.map(() => undefined);
      },
    });
  }

  takePlace: Sharing['takePlace'] = (place, concurrencyMax) => this.#taking.call({ ...place, concurrencyMax });

  freePlace: Sharing['freePlace'] = (place) => this.#freeing.call(place);

  findHeld: Sharing['findHeld'] = (owner) => this.#held(owner, HELD_CODES);

  findStopping: Sharing['findStopping'] = (owner) => this.#held(owner, STOPPING_CODES);

  recordsVersion: Sharing['recordsVersion'] = () => this.#parts.readers.use(readRecordsVersion);

  publishNode: Sharing['publishNode'] = (nodeId, document) =>
    this.#write((session) => publishNode(session, nodeId, JSON.stringify(document)));

  liveNodes: Sharing['liveNodes'] = async () => {
    const { readers, now } = this.#parts;
    const rows = await readers.use((session) => readNodes(session, now()));
    return rows.map(([nodeId, document]) => ({ nodeId, document: JSON.parse(document ?? 'null') as unknown }));
  };

  onSignal: Sharing['onSignal'] = (listener) => this.#parts.signals.listen(listener);

  /** Resolves once all that was called is settled. */
  async close(): Promise<void> {
    await Promise.all([this.#taking.close(), this.#freeing.close()]);
  }

  async #held(owner: string, codes: readonly number[]) {
    const rows = await this.#parts.readers.use((session) => readHeld(session, owner, codes));
    return rows.map(unpackTask);
  }

  async #write(work: (session: Session) => Promise<void>): Promise<void> {
    await this.#parts.writers.use((session) => retryWhenLost(() => work(session)));
  }
}

async function takeUnderLock(session: Session, places: readonly PlaceRow[], leaseTime: GivenTime) {
  await lockBounds(session, places);
  return await takePlaces(session, places, leaseTime);
}

function keysOfPlace({ owner, placeId }: SyncPlace): readonly string[] {
  return [`${owner}\n${placeId}`];
}
