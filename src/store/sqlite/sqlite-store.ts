/**
 * The engine for one process: SQLite in a data folder. One thread writes, with all calls that gathered during a commit
 * in the next one; another reads. This file opens the folder, starts the two threads and joins their answers to the
 * port; it runs no SQL itself.
 */
import type { Logger } from '../../telemetry/logger.ts';
import { type Store, type StoreHealth } from '../store.ts';
import { type DataFolder, takeDataFolder } from './data-folder.ts';
import { leaseCalls } from './lease-calls.ts';
import { NonceCalls } from './nonce-calls.ts';
import { packageCalls } from './package-calls.ts';
import type { ReaderSettings } from './reader-thread.ts';
import { recordCalls } from './record-calls.ts';
import { StoreOpenError, type StoreOpenProblem } from '../store-open-error.ts';
import { outboxCalls, type StoreLinks, taskReaderCalls, taskWriterCalls } from './task-calls.ts';
import { ThreadLink } from './thread-link.ts';
import type { Commit, FromThread, LoadedNonces, ReadOperations, WriteOperations } from './thread-protocol.ts';
import type { WriterSettings } from './writer-thread.ts';

const MIB = 1024 * 1024;
/** Many times what the slowest call on a large database takes. */
const SLOW_MS = 10_000;

export interface SqliteStoreOptions {
  /** Made when it does not exist; owned by one process at a time. */
  readonly folder: string;
  readonly logger: Logger;
  /** Epoch milliseconds; the age of packages follows it. Defaults to the system's clock. */
  readonly now?: () => number;
  /** Leases follow it. Defaults to the system's clock that does not jump. */
  readonly monotonic?: () => number;
  /** Called once when nothing more can be promised (an I/O error, damage): the process must end. */
  readonly onFatal?: (reason: string) => void;
  /** Called after each commit, with the calls that shared it. */
  readonly onCommit?: (commit: Commit) => void;
  /** Room that is kept for ending tasks when the disk is full; at least twice the log's size. Defaults to 48 MiB. */
  readonly reserveBytes?: number;
  /** New tasks are refused while less space is free. Defaults to 32 MiB. */
  readonly lowWaterBytes?: number;
  /** Nonces that are remembered at once. Defaults to 16 million. */
  readonly noncesMax?: number;
}

/** Rejects with a `StoreOpenError` that tells the operator what to do; nothing is left open then. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const now = options.now ?? Date.now;
  const folder = takeDataFolder(options.folder);
  const state = new StoreState(options);
  const writer = startWriter(options, folder, state);
  try {
    const nonces = await state.opened;
    return assemble({ options, now, folder, state, writer, loaded: nonces });
  } catch (error) {
    await writer.close();
    folder.unlock();
    throw error;
  }
}

interface Parts {
  readonly options: SqliteStoreOptions;
  readonly now: () => number;
  readonly folder: DataFolder;
  readonly state: StoreState;
  readonly writer: StoreLinks['writer'];
  readonly loaded: readonly LoadedNonces[];
}

function assemble({ options, now, folder, state, writer, loaded }: Parts): Store {
  const links: StoreLinks = { writer, reader: startReader(folder, state) };
  state.breakAll = (reason) => {
    links.writer.break(reason);
    links.reader.break(reason);
  };
  const nonces = new NonceCalls({ links, logger: options.logger, noncesMax: options.noncesMax });
  nonces.load(loaded);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await nonces.flush();
    await links.reader.close();
    await links.writer.close();
    folder.unlock();
  };
  return {
    ...taskWriterCalls(links),
    ...taskReaderCalls(links),
    ...outboxCalls(links),
    ...leaseCalls(links, options.monotonic ?? (() => performance.now())),
    ...recordCalls(links),
    ...packageCalls(links, now),
    useNonce: nonces.useNonce,
    health: () => healthOf(state.health, Math.max(links.writer.waitMs(), links.reader.waitMs())),
    sharing: null,
    close: () => (closing ??= close()),
  };
}

function startWriter(options: SqliteStoreOptions, folder: DataFolder, state: StoreState): StoreLinks['writer'] {
  const settings: WriterSettings = {
    folder: folder.path,
    file: folder.database,
    reserveFile: folder.reserve,
    reserveBytes: options.reserveBytes ?? 48 * MIB,
    lowWaterBytes: options.lowWaterBytes ?? 32 * MIB,
    nowMs: (options.now ?? Date.now)(),
  };
  return new ThreadLink<WriteOperations>({
    thread: new URL('./writer-thread.ts', import.meta.url),
    settings,
    writes: true,
    onMessage: (message) => state.receive(message),
  });
}

function startReader(folder: DataFolder, state: StoreState): StoreLinks['reader'] {
  return new ThreadLink<ReadOperations>({
    thread: new URL('./reader-thread.ts', import.meta.url),
    settings: { file: folder.database } satisfies ReaderSettings,
    writes: false,
    onMessage: (message) => state.receive(message),
  });
}

/** A thread that hangs tells nothing: that its calls wait is all that shows. */
function healthOf(told: StoreHealth, waitMs: number): StoreHealth {
  if (!told.ok || waitMs < SLOW_MS) return { ...told, waitMs };
  const reason = `the store has not answered for ${Math.round(waitMs / 1000)} s: look at the disk of the data folder`;
  return { ok: false, reason, waitMs };
}

/** What the threads tell beside their answers. */
class StoreState {
  readonly #options: SqliteStoreOptions;
  readonly #opened = Promise.withResolvers<readonly LoadedNonces[]>();
  #health: StoreHealth = { ok: true, reason: '' };
  #dead = false;
  breakAll: (reason: string) => void = () => undefined;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
  }

  get opened(): Promise<readonly LoadedNonces[]> {
    return this.#opened.promise;
  }

  get health(): StoreHealth {
    return this.#health;
  }

  receive(message: FromThread): void {
    switch (message.kind) {
      case 'answers':
        if (message.commit !== null) this.#options.onCommit?.(message.commit);
        return;
      case 'opened':
        this.#health = message.health;
        this.#opened.resolve(message.nonces);
        return;
      case 'not-opened':
        this.#opened.reject(openError(message.problem, message.message));
        return;
      case 'health':
        this.#report(message.health);
        return;
      case 'fatal':
        this.#die(message.reason);
    }
  }

  #report(health: StoreHealth): void {
    this.#health = health;
    if (health.ok) this.#options.logger.info({}, 'the disk has space again: tasks are accepted');
    else this.#options.logger.error({}, health.reason);
  }

  #die(cause: string): void {
    if (this.#dead) return;
    this.#dead = true;
    const reason = `the store cannot go on (${cause}): nothing more is written; restart, and check the disk`;
    this.#health = { ok: false, reason };
    this.#options.logger.error({}, reason);
    this.#opened.reject(new Error(reason));
    this.breakAll(reason);
    this.#options.onFatal?.(reason);
  }
}

function openError(problem: StoreOpenProblem | null, message: string): Error {
  return problem === null ? new Error(`the store cannot be opened: ${message}`) : new StoreOpenError(problem, message);
}
