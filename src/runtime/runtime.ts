/**
 * The runtime's port: live instances of functions. The dispatcher acquires one, invokes it once or more, and releases
 * it; whether it was waiting warm or had to be started is the pool's business, and how a runtime talks to user code is
 * that runtime's. What the user's code does is an `Execution`, never an exception.
 */
import type { Execution } from '../core/outcome.ts';
import type { FunctionSettings } from '../core/resources.ts';
import type { PayloadForm } from '../core/task.ts';

/** Which code an instance runs. Two specs of one `key` are the same. */
export interface InstanceSpec {
  /** Account, function, version and revision: instances of one key are exchangeable, others never are. */
  readonly key: string;
  readonly account: string;
  readonly functionName: string;
  /** `0` for LATEST. */
  readonly versionId: string;
  readonly region: string;
  readonly settings: FunctionSettings;
}

export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly payloadForm: PayloadForm;
  /** As the caller named it; `LATEST` when it named none. */
  readonly qualifier: string;
  /** 0 for the first attempt. */
  readonly retryCount: number;
  readonly taskId: string | null;
}

/** How urgently somebody waits: a synchronous caller goes before queued work of the same function. */
export type Urgency = 'sync' | 'async';

export interface AcquireOptions {
  readonly urgency: Urgency;
  /** Whether an instance will do that is busy for a moment: see `InstanceLease.invoke`. */
  readonly ahead: boolean;
  readonly signal: EndSignal;
}

export interface InstanceLease {
  readonly instanceId: string;
  readonly coldStart: boolean;
  /** Whether, when it was had, the instance had still to come to what it is sent: only a lease that was had `ahead`. */
  readonly isBusy: boolean;
  /**
   * Runs the function once. Resolves when the execution is over and, where the instance had to be ended (timeout,
   * stop, exit), when its whole process tree is gone. Never rejects.
   *
   * A lease that was had `ahead` may be of an instance that is busy still: then the execution begins when what it was
   * sent before is over. Until then it is given up without a trace, by an abort or by the instance's end:
   * `interrupted`, and `onBegin` was not called.
   *
   * @param signal aborted with an `EndReason`: `stop` runs the pre-stop hook, then ends the tree; `shutdown` just ends it
   * @param onBegin called once, when the execution begins
   */
  invoke(invocation: Invocation, signal: EndSignal, onBegin?: () => void): Promise<Execution>;
  /** Back to the pool; an instance that ended is dropped. Safe to call twice. */
  release(): void;
}

/** The reasons an invocation is aborted for: `signal.reason`. */
export type EndReason = 'stop' | 'shutdown';

/** What is used of an `AbortSignal`, for whoever has something lighter. Listeners are called once, at the first abort. */
export interface EndSignal {
  readonly aborted: boolean;
  /** An `EndReason` once it is aborted. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export type Acquired =
  | { readonly kind: 'instance'; readonly lease: InstanceLease }
  /** None could be had: the code does not load (`initialization-error`), the machine refuses (`no-instance`), or the wait was aborted (`interrupted`). */
  | { readonly kind: 'none'; readonly execution: Execution };

export interface InstanceInfo {
  readonly instanceId: string;
  readonly account: string;
  readonly functionName: string;
  readonly versionId: string;
  /** `Starting` until it takes calls; `Terminating` while its hook or its end is under way. */
  readonly status: 'Starting' | 'Running' | 'Terminating' | 'Destroyed';
  readonly createdAtMs: number;
  readonly destroyedAtMs: number | null;
}

/** Instances that are to be up whether or not anybody waits for them. */
export interface KeptInstances {
  readonly spec: InstanceSpec;
  readonly count: number;
}

export interface RuntimePool {
  /**
   * An instance for one invocation: a warm one, or a new one when that is sooner, or the next that becomes free.
   * Slots of the node are shared between functions: none gets more than its share while others wait.
   */
  acquire(spec: InstanceSpec, options: AcquireOptions): Promise<Acquired>;
  /** Retires the instances of a function that was changed, deleted or disabled: idle ones now, busy ones when they are done. */
  retire(account: string, functionName: string): void;
  /**
   * Starts these and lets none of them idle away, as far as the node has slots that nobody else uses. In place of what was
   * said before; to be said again from time to time, as instances that do not come up are tried again then.
   */
  keepUp(kept: readonly KeptInstances[]): void;
  instances(): readonly InstanceInfo[];
  /** Ends all instances, pre-stop hooks included, within `graceMs`; resolves when no process is left. */
  close(graceMs: number): Promise<void>;
}
