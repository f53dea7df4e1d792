/**
 * Runs calls in transactions: all that gathered while the last commit was under way share the next one, because the
 * sync of a commit costs the same for one row and for hundreds (measured: 4,700 rows/s one by one, 36,000 at 100).
 */
import type { DatabaseSync } from 'node:sqlite';
import type { DiskSpace } from './disk-space.ts';
import { bytesAt, type BytesRef, type Packet, PacketBytes } from './packet.ts';
import { isDiskFull, isFatal, messageOf } from './sqlite-error.ts';
import type { Commit, Failure, PackedAnswer, PackedCall, WriteOperations } from './thread-protocol.ts';
import type { WriteContext } from './write-context.ts';
import type { CallBytes, Handlers } from './write-operations.ts';

export interface GatheredCall {
  readonly call: PackedCall;
  /** The packet that the call came in. */
  readonly packet: Packet;
  /** Its part of the packet, roughly. */
  readonly sizeBytes: number;
}

export interface Committed {
  readonly answers: Packet;
  /** Null when nothing was written. */
  readonly commit: Commit | null;
}

type AnyHandler = (input: unknown, bytes: CallBytes) => unknown;

export interface GroupCommitParts {
  readonly context: WriteContext;
  readonly operations: Handlers<WriteOperations>;
  readonly disk: Pick<DiskSpace, 'refusal' | 'ranFull'>;
  /** Milliseconds that never run backward. */
  readonly monotonic: () => number;
}

/** Operations that only make more: they wait while the room that is left is kept for what ends tasks. */
const GROWING = new Set(['accept', 'putPackageChunk']);

export class GroupCommit {
  readonly #parts: GroupCommitParts;
  readonly #operations: ReadonlyMap<string, AnyHandler>;
  readonly #totalChanges: () => unknown;

  constructor(parts: GroupCommitParts) {
    this.#parts = parts;
    this.#operations = new Map(Object.entries(parts.operations as Record<string, unknown>)) as ReadonlyMap<
      string,
      AnyHandler
    >;
    this.#totalChanges = totalChanges(parts.context.database);
  }

  /**
   * Answers every call. Throws only what is fatal (`isFatal`): whether the calls were committed is then unknown, and
   * nothing may be written any more.
   */
  run(calls: readonly GatheredCall[]): Committed {
    const { monotonic } = this.#parts;
    const startedAtMs = monotonic();
    const changesBefore = this.#totalChanges();
    let bytes = new PacketBytes();
    let answers: PackedAnswer[];
    try {
      answers = this.#transaction(calls, bytes);
    } catch (error) {
      this.#rollBack(error);
      bytes = new PacketBytes();
      answers = calls.map((call) => this.#alone(call, bytes));
    }
    const wrote = this.#totalChanges() !== changesBefore;
    const commit = wrote ? { batchSize: calls.length, durationMs: monotonic() - startedAtMs } : null;
    return { answers: bytes.pack(answers), commit };
  }

  #transaction(calls: readonly GatheredCall[], bytes: PacketBytes): PackedAnswer[] {
    const { database, counts } = this.#parts.context;
    database.exec('BEGIN IMMEDIATE');
    const answers = calls.map((call) => this.#perform(call, bytes));
    database.exec('COMMIT');
    counts.committed();
    return answers;
  }

  /** A call that broke the shared transaction must not take its neighbours with it: each gets one of its own. */
  #alone(call: GatheredCall, bytes: PacketBytes): PackedAnswer {
    try {
      const [answer] = this.#transaction([call], bytes);
      if (answer !== undefined) return answer;
      throw new Error('a call without an answer');
    } catch (error) {
      this.#rollBack(error);
      const failure: Failure = isDiskFull(error)
        ? { kind: 'unavailable', message: 'the disk is full: free some space in the data folder' }
        : { kind: 'bug', message: messageOf(error) };
      return [call.call[0], null, failure];
    }
  }

  #perform({ call, packet }: GatheredCall, answer: PacketBytes): PackedAnswer {
    const [callId, operation, input] = call;
    const refusal = GROWING.has(operation) ? this.#parts.disk.refusal() : undefined;
    if (refusal !== undefined) return [callId, null, { kind: 'unavailable', message: refusal }];
    const handler = this.#operations.get(operation);
    if (handler === undefined) throw new Error(`no operation ${operation}`);
    return [callId, handler(input, { read: (ref: BytesRef) => bytesAt(packet, ref), answer })];
  }

  #rollBack(error: unknown): void {
    if (isFatal(error)) throw error;
    const { database, counts, names } = this.#parts.context;
    // SQLite rolls back by itself after some errors.
    if (database.isTransaction) database.exec('ROLLBACK');
    counts.rolledBack();
    names.rolledBack();
    if (isDiskFull(error)) this.#parts.disk.ranFull();
  }
}

function totalChanges(database: DatabaseSync): () => unknown {
  const statement = database.prepare('SELECT total_changes() AS changes');
  return () => statement.get()?.['changes'];
}
