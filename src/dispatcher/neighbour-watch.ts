/**
 * What the writes of other nodes mean for this one. Signals tell of them at once; because a signal may be lost, the store
 * is asked as well, often enough that nobody waits for longer than about a second.
 */
import type { FunctionKey, TaskKey } from '../core/task.ts';
import type { ChangedRecord, Sharing, Signal } from '../store/store.ts';
import type { DispatcherContext } from './dispatcher-context.ts';
import { createDuty, type Duty } from './duty.ts';

/** A stop must reach an attempt on another node within a second. One index probe. */
const STOPS_INTERVAL_MS = 500;
/** Bounds how old what a node knows of functions can be. One row. */
const RECORDS_INTERVAL_MS = 1_000;

export interface NeighbourEvents {
  /** Work waits. */
  readonly wake: (key: FunctionKey, dueAtMs: number) => void;
  /** A stop was recorded for a task that this node holds. False when the node does not know that it does. */
  readonly stop: (task: TaskKey & { readonly fence: number }) => boolean;
  /** This node holds something that it does not know of. */
  readonly doubt: () => void;
  /** Null means: anything may have changed. */
  readonly recordsChanged: (changed: readonly ChangedRecord[] | null) => Promise<void>;
}

export class NeighbourWatch {
  readonly #context: DispatcherContext;
  readonly #sharing: Sharing;
  readonly #events: NeighbourEvents;
  readonly stops: Duty;
  readonly records: Duty;
  #recordsVersion = -1;
  #changed: ChangedRecord[] = [];
  #endListening: (() => void) | undefined;

  constructor(context: DispatcherContext, sharing: Sharing, events: NeighbourEvents) {
    this.#context = context;
    this.#sharing = sharing;
    this.#events = events;
    this.stops = createDuty(context, 'stop watch', STOPS_INTERVAL_MS, () => this.lookForStops());
    this.records = createDuty(context, 'record watch', RECORDS_INTERVAL_MS, () => this.lookAtRecords());
  }

  listen(): void {
    this.#endListening = this.#sharing.onSignal((signal) => {
      this.#hear(signal);
    });
  }

  endListening(): void {
    this.#endListening?.();
  }

  async lookForStops(): Promise<void> {
    for (const task of await this.#sharing.findStopping(this.#context.nodeId)) {
      if (!this.#events.stop(task)) this.#events.doubt();
    }
  }

  async lookAtRecords(): Promise<void> {
    await this.#tellChanged();
    const version = await this.#sharing.recordsVersion();
    if (version <= this.#recordsVersion) return;
    await this.#events.recordsChanged(null);
    // Only now: a change that could not be dealt with, as a read of the function failed, must be found again.
    this.#recordsVersion = Math.max(version, this.#recordsVersion);
  }

  async #tellChanged(): Promise<void> {
    const changed = this.#changed.splice(0);
    try {
      await this.#events.recordsChanged(changed);
    } catch (error) {
      this.#changed.unshift(...changed);
      throw error;
    }
  }

  #hear(signal: Signal): void {
    this.#context.metrics.signalled(signal.kind);
    if (signal.kind === 'waiting') this.#events.wake(signal, signal.dueAtMs);
    else if (signal.kind === 'records') this.#hearOfRecords(signal);
    else if (signal.owner === this.#context.nodeId) this.#events.stop(signal);
  }

  /**
   * One that follows the last one says all, unless it was too long to name what changed; after a gap the watch finds that
   * it does not know.
   */
  #hearOfRecords({ version, changed }: Signal & { readonly kind: 'records' }): void {
    if (version === this.#recordsVersion + 1 && changed.every(({ path }) => path.length > 0)) {
      this.#recordsVersion = version;
      this.#changed.push(...changed);
    }
    this.records.wake();
  }
}
