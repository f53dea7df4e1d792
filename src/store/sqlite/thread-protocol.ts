/**
 * What the main thread asks the two threads, as JSON. Rows are those of `task-row.ts`; bytes lie beside, in the packet.
 */
import type { StoreOpenProblem } from '../store-open-error.ts';
import type { RecordKind, TaskQuery } from '../store.ts';
import type { SqlText, TaskRow } from '../task-row.ts';
import type { BytesRef, Packet } from './packet.ts';

export type PackedNewTask = readonly [row: TaskRow, payload: BytesRef];
export type PackedResult = readonly [bytes: BytesRef, totalBytes: number, logTail: string];
export type PackedGuard = readonly [status: number, attempt: number, fence: number];
/** The names are account, function name and task id. */
export interface PackedTransition {
  readonly names: readonly [string, string, string];
  readonly guard: PackedGuard;
  readonly changing: readonly SqlText[];
  readonly result: PackedResult | null;
  readonly delivery: readonly [slot: number, destination: string] | null;
  readonly endedAtMs: number | null;
}
export type PackedClaimed = readonly [row: TaskRow, payload: BytesRef];
export interface PackedDelivery {
  readonly deliveryId: number;
  readonly slot: number;
  readonly destination: string;
  readonly tryCount: number;
  readonly task: TaskRow;
  readonly payload: BytesRef;
  readonly result: PackedResult | null;
}
export interface PackedSettlement {
  readonly deliveryId: number;
  readonly tryCount: number;
  readonly retryAtMs: number | null;
  readonly destinationStatus: number;
  readonly accept: PackedNewTask | null;
}
export interface PackedRecordWrite {
  readonly write: 'put' | 'delete' | 'delete-under';
  readonly kind: RecordKind;
  /** As of `record-path.ts`. */
  readonly key: string;
  readonly before: string;
  /** JSON; empty unless put. */
  readonly document: string;
  readonly expect: number | 'absent' | 'any';
}

/** Operation → what goes in, what comes back. */
export interface WriteOperations {
  accept: [readonly PackedNewTask[], readonly boolean[]];
  claim: [
    {
      readonly requests: readonly (readonly [
        account: string,
        functionName: string,
        limit: number,
        concurrencyMax: number | null,
      ])[];
      readonly owner: string;
      readonly nowMs: number;
    },
    readonly PackedClaimed[],
  ];
  apply: [readonly PackedTransition[], readonly boolean[]];
  deleteEnded: [{ readonly trackedBeforeMs: number; readonly limit: number }, number];
  claimDeliveries: [
    { readonly nowMs: number; readonly leaseMs: number; readonly limit: number },
    readonly PackedDelivery[],
  ];
  settleDeliveries: [readonly PackedSettlement[], readonly boolean[]];
  countTasks: [null, readonly (readonly [account: string, functionName: string, status: number, count: number])[]];
  writeRecords: [readonly PackedRecordWrite[], boolean];
  /** True when the package is stored already; its time is then now. */
  renewPackage: [{ readonly sha256: string; readonly nowMs: number }, boolean];
  putPackageChunk: [{ readonly sha256: string; readonly position: number; readonly bytes: BytesRef }, null];
  /** False when chunks of it are missing. */
  completePackage: [
    { readonly sha256: string; readonly nowMs: number; readonly sizeBytes: number; readonly chunkCount: number },
    boolean,
  ];
  deletePackages: [readonly string[], null];
  saveNonces: [
    {
      readonly batches: readonly (readonly [generation: number, digests: BytesRef])[];
      readonly oldestGeneration: number;
    },
    null,
  ];
}

export interface PackedStoredTask {
  readonly task: TaskRow;
  readonly payload: BytesRef | null;
  readonly result: PackedResult | null;
}
export type PackedRecord = readonly [key: string, document: string, revision: number];

export interface ReadOperations {
  getTask: [readonly [account: string, functionName: string, taskId: string], PackedStoredTask | null];
  findTask: [readonly [account: string, functionName: string, taskId: string], TaskRow | null];
  listTasks: [
    TaskQuery,
    {
      readonly tasks: readonly PackedStoredTask[];
      readonly next: readonly [acceptedAtMs: number, sequence: number] | null;
    },
  ];
  waitingFunctions: [null, readonly (readonly [account: string, functionName: string, nextDueAtMs: number])[]];
  findExpired: [{ readonly nowMs: number; readonly limit: number }, readonly TaskRow[]];
  findLapsed: [{ readonly livingNodes: readonly string[]; readonly limit: number }, readonly TaskRow[]];
  getRecord: [{ readonly kind: RecordKind; readonly key: string }, PackedRecord | null];
  listRecords: [
    {
      readonly kind: RecordKind;
      readonly from: string;
      readonly before: string;
      readonly descending: boolean;
      readonly limit: number;
    },
    readonly PackedRecord[],
  ];
  getPackage: [string, BytesRef | null];
  listPackages: [null, readonly (readonly [sha256: string, storedAtMs: number])[]];
}

/** `[call number, operation, input]`, several a packet. */
export type PackedCall = readonly [callId: number, operation: string, input: unknown];

/** `[call number, answer]`, or with a third member when it failed. */
export type PackedAnswer = readonly [callId: number, answer: unknown, failure?: Failure];

export interface Failure {
  /** `unavailable` becomes `StoreUnavailable`; `bug` is a plain error. */
  readonly kind: 'unavailable' | 'bug';
  readonly message: string;
}

export interface Health {
  readonly ok: boolean;
  readonly reason: string;
}

export type FromThread =
  | { readonly kind: 'answers'; readonly packet: Packet; readonly commit: Commit | null }
  | { readonly kind: 'opened'; readonly nonces: readonly LoadedNonces[]; readonly health: Health }
  | { readonly kind: 'not-opened'; readonly problem: StoreOpenProblem | null; readonly message: string }
  | { readonly kind: 'health'; readonly health: Health }
  | { readonly kind: 'fatal'; readonly reason: string };

export type ToThread = { readonly kind: 'calls'; readonly packet: Packet } | { readonly kind: 'close' };

/** Writes that shared a commit, and how long it took with its sync. */
export interface Commit {
  readonly batchSize: number;
  readonly durationMs: number;
}

export interface LoadedNonces {
  readonly generation: number;
  readonly digests: Uint8Array<ArrayBuffer>;
}
