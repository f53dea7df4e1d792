/** What every operation is given: the store, the engine that runs things, and time, randomness and ids from outside. */
import type { Arn } from '../core/arn.ts';
import type { Transition } from '../core/decide.ts';
import type { Execution } from '../core/outcome.ts';
import type { CodePackage, FunctionPolicy, FunctionSettings, Runnable } from '../core/resources.ts';
import type { FunctionKey, PayloadForm, Task } from '../core/task.ts';
import type { ClaimedTask, Store } from '../store/store.ts';
import type { FunctionDirectory } from './function-directory.ts';

export interface ServiceContext {
  readonly store: Store;
  readonly engine: Engine;
  /** Cached reads of functions for the hot path; every operation that changes a function forgets it there. */
  readonly functions: FunctionDirectory;
  readonly packages: PackageAdmission;
  readonly destinations: DestinationRules;
  readonly settings: OperationSettings;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newUuid: () => string;
}

export interface OperationSettings {
  readonly region: string;
  /** Whose HTTP triggers are meant where a request names no account: the operator's. */
  readonly accountId: string;
  /** Where triggers are reached from outside, each on a host name below this one's; null where nothing leads here. */
  readonly triggerBaseUrl: string | null;
  readonly asyncPayloadBytesMax: number;
  readonly delaySecondsMax: number;
  /** Waiting tasks that the server holds before it answers 429. */
  readonly backlogMax: number;
  /** Seals cursors and download links; the same over restarts. At least 32 bytes. */
  readonly sealingKey: Uint8Array;
}

/** Who asks, and under which request id. */
export interface Caller {
  readonly account: string;
  readonly requestId: string;
}

/** The part of the process that claims and runs; the operations hand work to it and never wait in it. */
export interface Engine {
  /** Takes room for a new task where this node has some: gives the task claimed, or as it was. */
  reserve(task: Task, policy: FunctionPolicy): Task;
  /** A reserved task was stored: it starts as soon as an instance is had. */
  begin(claimed: ClaimedTask): void;
  /** A task, as `reserve` gave it, was not stored, or perhaps: when the answer of the store was lost. */
  cancel(reserved: Task, options: { readonly isStoredPerhaps: boolean }): void;
  /** An unreserved task was stored: it is claimed when its turn comes. */
  stored(task: Task): void;
  /** A transition that an operation applied itself (a stop): wakes who waits for it. */
  ended(transition: Transition): void;
  /** Runs a synchronous invocation; refuses with `ResourceExhausted` at the function's limit. */
  invoke(runnable: Runnable, call: SyncCall): Promise<Execution>;
  /** A stop was recorded for a task that was held as it is given here: ends it if this node holds it; another learns of it from the store. */
  stop(task: Task): void;
  /** What bounds the executions of a function changed; its instances stay. */
  limitsChanged(key: FunctionKey): void;
  /** Code, settings or existence of a function changed; with `abort` what runs is ended. */
  changed(key: FunctionKey, options?: { readonly abort?: boolean }): void;
  /** What is to be kept up changed. */
  provisionChanged(): void;
  /** On every node; elsewhere as of about a second ago. */
  instances(key: FunctionKey): Promise<readonly InstanceView[]>;
  /** Waiting tasks in the store, all accounts. */
  backlog(): number;
}

export interface SyncCall {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly payloadForm: PayloadForm;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface InstanceView {
  readonly instanceId: string;
  readonly versionId: string;
  readonly status: 'Starting' | 'Running' | 'Terminating' | 'Destroyed';
  readonly createdAtMs: number;
  readonly destroyedAtMs: number | null;
}

export interface PackageAdmission {
  /** Checks and unpacks a zip; `problem` is a sentence for the caller. Stores nothing durable. */
  admit(zip: Uint8Array): Promise<{ readonly package: CodePackage } | { readonly problem: string }>;
  /** The runtimes that functions can have here. */
  readonly runtimes: readonly string[];
  /** Whether functions of this runtime have a code package. */
  needsCode(runtime: string): boolean;
  /** What is wrong with the settings of a function, as a sentence; undefined when its runtime takes them. */
  settingsProblem(settings: FunctionSettings): string | undefined;
}

export interface DestinationRules {
  /** What is wrong with a destination of this account's function; undefined when it can be delivered to. */
  check(arn: Arn, account: string): string | undefined;
  /** The kinds of ARN that can be delivered to, for error texts. */
  readonly services: readonly string[];
}
