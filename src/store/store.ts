/**
 * The store's port: everything durable goes through it, and two engines and an in-memory reference stand behind it.
 *
 * Operations are batch-shaped, because group commit is where the speed is; an engine gathers the calls that arrive
 * while its last commit is under way into the next one. A resolved promise of a writing operation means: committed and
 * synced. A rejected one means: nothing of the call was done, or (only `StoreUnavailable` with `outcomeUnknown`) it
 * may have been. No operation decides: what a task becomes is `core/decide`'s answer, applied by compare-and-set.
 * Times are epoch milliseconds given by the caller, except for leases, which follow the store's own clock because
 * they order nodes.
 */
import type { StoredResult, Transition } from '../core/decide.ts';
import type { DeliverySlot } from '../core/decide.ts';
import type { DestinationStatus, FunctionKey, Task, TaskKey, TaskStatus } from '../core/task.ts';

export interface Store extends TaskWriter, TaskReader, Outbox, Leases, Records, Packages, Nonces {
  /** Resolves once every operation that was begun is settled and the files are closed. */
  close(): Promise<void>;
  /** Whether a write would succeed now; `reason` is a sentence for an operator. Never rejects. */
  health(): StoreHealth;
  /** What the nodes of one store need of each other; null for an engine that one process alone can open. */
  readonly sharing: Sharing | null;
}

export interface StoreHealth {
  readonly ok: boolean;
  readonly reason: string;
  /** How long the oldest call has waited for its answer; left out by engines whose calls all have a deadline. */
  readonly waitMs?: number;
}

/** The store cannot do it now; the same call may succeed later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** True when the write may have happened all the same. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, options: ErrorOptions & { outcomeUnknown?: boolean } = {}) {
    super(message, options);
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

// ---- tasks, written

export interface NewTask {
  /** `Enqueued`, or `Dequeued` when the accepting node claims it in the same commit. */
  readonly task: Task;
  readonly payload: Uint8Array;
}

export interface ClaimRequest extends FunctionKey {
  /** At most so many, > 0. */
  readonly limit: number;
  /**
   * Executions of the function that may go on at once, over all nodes; null means no bound. The claim takes no more than
   * this leaves beside all that is held, by whomever, and the places of synchronous executions: never one past it.
   */
  readonly concurrencyMax: number | null;
}

export interface ClaimedTask {
  readonly task: Task;
  readonly payload: Uint8Array;
}

export interface TaskWriter {
  /** Stores new tasks. `duplicate` where the account and function already have a task of that id: the first stays as it was. */
  accept(tasks: readonly NewTask[]): Promise<readonly ('accepted' | 'duplicate')[]>;
  /**
   * Claims due, unexpired waiting tasks (earliest due first) for a node, exactly as `decide` does on `claim`.
   * A task is claimed by one caller at most.
   */
  claim(
    requests: readonly ClaimRequest[],
    claimer: { readonly owner: string; readonly nowMs: number },
  ): Promise<readonly ClaimedTask[]>;
  /** Applies each transition whose guard still matches, with its result and its outbox row, all in one commit. `lost` changes nothing. */
  apply(transitions: readonly Transition[]): Promise<readonly ('applied' | 'lost')[]>;
  /** Removes ended records without a pending delivery, oldest first: tracked ones that ended before `trackedBeforeMs`, the others at once. Gives how many. */
  deleteEnded(retention: { readonly trackedBeforeMs: number; readonly limit: number }): Promise<number>;
}

// ---- tasks, read

export interface StoredTask {
  readonly task: Task;
  /** Null when it was not asked for. */
  readonly payload: Uint8Array | null;
  /** Null when there is none (yet). */
  readonly result: StoredResult | null;
}

export interface TaskQuery extends FunctionKey {
  /** Exact matches; absent means any. */
  readonly qualifier?: string;
  readonly status?: TaskStatus;
  /** Start of the task id. */
  readonly idPrefix?: string;
  /** Window of acceptance, both ends included. */
  readonly acceptedFromMs?: number;
  readonly acceptedToMs?: number;
  readonly order: 'oldest-first' | 'newest-first';
  readonly limit: number;
  /** Continue after this place. */
  readonly after?: TaskCursor;
  readonly includePayload: boolean;
}

/** A place in the order of acceptance. Stable while tasks arrive, change and are deleted. */
export interface TaskCursor {
  readonly acceptedAtMs: number;
  /** The store's number of the record: orders records of one millisecond. */
  readonly sequence: number;
}

export interface TaskPage {
  /** As many as the limit says, or fewer that are large: see `PAGE_BYTES_MAX`. */
  readonly tasks: readonly StoredTask[];
  /** Null on the last page. */
  readonly next: TaskCursor | null;
}

export interface WaitingFunction extends FunctionKey {
  /** When its next waiting task is due. */
  readonly nextDueAtMs: number;
}

export interface TaskCount extends FunctionKey {
  readonly status: TaskStatus;
  readonly count: number;
}

/** Reads see every write that was acknowledged before they began. Untracked tasks are found by none but the engine's duties. */
export interface TaskReader {
  /** With payload and result. Untracked tasks are not found. */
  getTask(key: TaskKey): Promise<StoredTask | undefined>;
  /** The bare record, untracked tasks included: for duties that lost a write and look again. */
  findTask(key: TaskKey): Promise<Task | undefined>;
  /** Tracked tasks only. The payload only when asked for; results always. */
  listTasks(query: TaskQuery): Promise<TaskPage>;
  /** Functions that have waiting tasks. */
  waitingFunctions(): Promise<readonly WaitingFunction[]>;
  /** Waiting or unstarted tasks at or past their age limit, oldest limit first. */
  findExpired(nowMs: number, limit: number): Promise<readonly Task[]>;
  /** Live counts by function and status, untracked tasks included; ended ones are left out. Cheap: from counters. */
  countTasks(): Promise<readonly TaskCount[]>;
}

// ---- deliveries

/** One delivery at work. Its visibility was moved ahead by the claim, so that a lost deliverer only delays it. */
export interface ClaimedDelivery {
  readonly deliveryId: number;
  readonly slot: DeliverySlot;
  readonly destination: string;
  /** Tries so far, this one included. */
  readonly tryCount: number;
  readonly task: Task;
  readonly payload: Uint8Array;
  readonly result: StoredResult | null;
}

export type DeliverySettlement = {
  readonly deliveryId: number;
  /** As claimed; a settlement of an older try changes nothing. */
  readonly tryCount: number;
} & (
  | {
      readonly status: Exclude<DestinationStatus, ''>;
      /** A task that a function destination starts, accepted in the same commit. */
      readonly accept?: NewTask;
    }
  | { readonly retryAtMs: number }
);

export interface Outbox {
  /** Takes due deliveries and hides them from other takers for `leaseMs`. */
  claimDeliveries(request: {
    readonly nowMs: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly ClaimedDelivery[]>;
  /** Writes `destinationStatus` and removes the row, or sets the time of the next try. `lost` when a later try has it. */
  settleDeliveries(settlements: readonly DeliverySettlement[]): Promise<readonly ('settled' | 'lost')[]>;
}

// ---- nodes

export interface Leases {
  /** Registers a node, or prolongs its lease: every task it holds is its own until then, on the store's clock. */
  renewLease(nodeId: string, leaseMs: number): Promise<void>;
  /** Gives up a lease at once. */
  endLease(nodeId: string): Promise<void>;
  /** Held tasks whose owner has no valid lease. An engine that only one process can open has no other living node. */
  findLapsed(limit: number): Promise<readonly Task[]>;
}

// ---- several nodes

/** A place of a limited function that a synchronous execution takes, which is no task. */
export interface SyncPlace extends FunctionKey {
  /** The node that runs it. With the lapse or the end of its lease the place is gone, for good. */
  readonly owner: string;
  /** Names it, with its owner: the id of the request. */
  readonly placeId: string;
}

/**
 * What one node's write has to tell the others; sent once it is committed, to every listening node, the writer perhaps
 * included. May be late, doubled, joined with others of its kind, or lost: whoever must know asks the store as well.
 */
export type Signal =
  /** A task was stored, or returned, that no node holds. The earliest of those that the signal stands for. */
  | (FunctionKey & { readonly kind: 'waiting'; readonly dueAtMs: number })
  /** A stop was recorded for a task that a node held as `owner` under `fence`. */
  | (TaskKey & { readonly kind: 'stopping'; readonly owner: string; readonly fence: number })
  /** Records were written: all that one `writeRecords` did. A path stands for what lies below it too. */
  | { readonly kind: 'records'; readonly version: number; readonly changed: readonly ChangedRecord[] };

export interface ChangedRecord {
  readonly kind: RecordKind;
  readonly path: RecordPath;
}

export interface LiveNode {
  readonly nodeId: string;
  /** What it published last; null when nothing. */
  readonly document: unknown;
}

export interface Sharing {
  /**
   * `full` when the function's held tasks and taken places come to `concurrencyMax` or more; `lapsed` when the owner has
   * no valid lease. A place that is taken again is the same place.
   */
  takePlace(place: SyncPlace, concurrencyMax: number): Promise<'taken' | 'full' | 'lapsed'>;
  /** No error when there is none, so that a node that lost the answer to taking one can free it. */
  freePlace(place: SyncPlace): Promise<void>;
  /** All that a node holds: for one that lost the answer to a claim. */
  findHeld(owner: string): Promise<readonly Task[]>;
  /** What it holds and must end. Asked often. */
  findStopping(owner: string): Promise<readonly Task[]>;
  /** Grows by one with each `writeRecords` that wrote, in the order of the commits. */
  recordsVersion(): Promise<number>;
  /** What a node tells of itself, replaced as a whole; gone with its lease. JSON. */
  publishNode(nodeId: string, document: unknown): Promise<void>;
  /** Nodes with a valid lease, in order of their ids. */
  liveNodes(): Promise<readonly LiveNode[]>;
  /** Gives what ends the listening. A listener does not throw. */
  onSignal(listener: (signal: Signal) => void): () => void;
}

// ---- resources

/** Kinds of small JSON documents. */
export const RECORD_KINDS = [
  'function',
  'function-version',
  'alias',
  'async-config',
  'concurrency-config',
  'provision-config',
  'service',
  'service-version',
  'service-alias',
  'layer',
  'layer-version',
  'trigger',
  'trigger-host',
  'access-key',
  'server',
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** `[account, functionName, …]`: the names that lead to a document, outermost first. */
export type RecordPath = readonly string[];

export interface StoredRecord {
  readonly path: RecordPath;
  readonly document: unknown;
  /** Grows with every write of this path; what `expect` compares. */
  readonly revision: number;
}

export type RecordWrite =
  | {
      readonly write: 'put';
      readonly kind: RecordKind;
      readonly path: RecordPath;
      /** JSON. */
      readonly document: unknown;
      readonly expect: number | 'absent' | 'any';
    }
  | { readonly write: 'delete'; readonly kind: RecordKind; readonly path: RecordPath; readonly expect: number | 'any' }
  /** Every record of the kind whose path begins with these names. */
  | { readonly write: 'delete-under'; readonly kind: RecordKind; readonly path: RecordPath };

export interface RecordQuery {
  readonly kind: RecordKind;
  /** Records whose path begins with these names, at any depth below them, in order of their paths. */
  readonly under: RecordPath;
  /** Start of the name that follows `under`. */
  readonly namePrefix?: string;
  /** Continue at this path (included). */
  readonly from?: RecordPath;
  readonly order?: 'ascending' | 'descending';
  readonly limit: number;
}

export interface Records {
  getRecord(kind: RecordKind, path: RecordPath): Promise<StoredRecord | undefined>;
  listRecords(query: RecordQuery): Promise<readonly StoredRecord[]>;
  /** All or none, in one commit. `conflict` when any `expect` does not hold. */
  writeRecords(writes: readonly RecordWrite[]): Promise<'written' | 'conflict'>;
}

// ---- code packages

export interface Packages {
  /** Stores a zip under its hash; storing it again is no error. */
  putPackage(sha256: string, zip: Uint8Array): Promise<void>;
  getPackage(sha256: string): Promise<Uint8Array | undefined>;
  listPackages(): Promise<readonly StoredPackage[]>;
  deletePackages(sha256s: readonly string[]): Promise<void>;
}

export interface StoredPackage {
  readonly sha256: string;
  readonly storedAtMs: number;
}

// ---- replay

export interface NonceUse {
  /** 8 bytes of a digest of key id and nonce. */
  readonly digest: bigint;
  /** No request that carries the nonce is valid after this. */
  readonly expiresAtMs: number;
}

export interface Nonces {
  /**
   * `first` exactly once for each digest until it expires, over restarts too. May resolve before it is durable: a
   * restart forgets at most the last moments. `full` when no more can be remembered.
   */
  useNonce(use: NonceUse, nowMs: number): Promise<'first' | 'used' | 'full'>;
}
