/** What every duty of the dispatcher is given. */
import type { Clock } from '../core/clock.ts';
import type { FunctionPolicy, Runnable } from '../core/resources.ts';
import type { FunctionKey } from '../core/task.ts';
import type { Destination } from '../destination/destination.ts';
import type { RuntimePool } from '../runtime/runtime.ts';
import type { ChangedRecord, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface DispatcherContext {
  readonly store: Store;
  readonly pool: RuntimePool;
  /** By the service part of their ARNs. */
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly functions: FunctionDirectory;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Random per start: a restarted node is another node. */
  readonly nodeId: string;
  readonly settings: DispatcherSettings;
  /** A broken promise inside the program: the process must end. */
  readonly onBug: (error: unknown) => void;
}

export interface DispatcherSettings {
  readonly region: string;
  readonly leaseMs: number;
  readonly retentionMs: number;
}

/**
 * Finds what a task names. Answers come from memory mostly; they are as new as the last change on this node, and as the
 * last one elsewhere that this node was told of.
 */
export interface FunctionDirectory {
  /** Rejects with an `FcError` of a `…NotFound` code when the function, version or alias does not exist. */
  resolve(key: FunctionKey, qualifier: string): Promise<Runnable>;
  /** Undefined when the function does not exist. */
  policy(key: FunctionKey): Promise<FunctionPolicy | undefined>;
  /** Invocation is disabled, and what runs is to end. */
  mustEnd(key: FunctionKey): Promise<boolean>;
  /** These records were changed by another node; null: any may have been. */
  forget(changed: readonly ChangedRecord[] | null): void;
  /** What is to be kept up without work, and how many of each. */
  provisioned(): Promise<readonly { readonly runnable: Runnable; readonly count: number }[]>;
  /** Removes code packages that no function uses any more. */
  removeUnusedPackages(): Promise<void>;
}
