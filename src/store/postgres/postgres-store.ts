/**
 * The engine for several nodes: PostgreSQL holds all state, and every node that has the address is equal. This file
 * opens the connections, each with its role, and joins the calls to the port.
 */
import { readFile } from 'node:fs/promises';
import { isWaiting, type Task } from '../../core/task.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { StoreOpenError, type StoreOpenProblem } from '../store-open-error.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { type ConnectionTarget, parseConnectionTarget } from './connection-target.ts';
import { Connector } from './connector.ts';
import { leaseCalls } from './lease-calls.ts';
import { migrate } from './migrate.ts';
import { Monitor } from './monitor.ts';
import { NonceCalls } from './nonce-calls.ts';
import { packageCalls } from './package-calls.ts';
import { messageOf } from './postgres-error.ts';
import { recordCalls } from './record-calls.ts';
import { ServerGuard, type ServerProblem, ServerRefused } from './server-guard.ts';
import { SessionPool } from './session-pool.ts';
import type { Session } from './session.ts';
import { SharingCalls } from './sharing-calls.ts';
import { SignalBus } from './signal-bus.ts';
import type { GivenTime } from './sql/now.ts';
import { type BatchObserver, TaskCalls } from './task-calls.ts';
import { TaskReadCalls } from './task-read-calls.ts';

export interface PostgresStoreOptions {
  /**
   * `postgres://user:password@host:port,host:port/database`, with `schema` (default `meanwhile`), `sslmode`, `sslrootcert`,
   * `sslcert` and `sslkey` as parameters. The first of the hosts that takes writes is used.
   */
  readonly url: string;
  /** A file with the password, read again for each connection, so that it can be changed under a running server. */
  readonly passwordFile?: string;
  readonly logger: Logger;
  /** Epoch milliseconds that leases and the age of packages follow. Defaults to the database's clock, as it must where nodes share it. */
  readonly now?: () => number;
  /** Called after each batch of writes, with the calls that shared it. */
  readonly onCommit?: BatchObserver;
  /** Connections, at least 4. Defaults to 10. */
  readonly connectionsMax?: number;
  /** How long a call waits for the server, at most. Defaults to 10,000. */
  readonly callTimeoutMs?: number;
  /** How long a connection may take to be made to one host. Defaults to 3,000. */
  readonly connectTimeoutMs?: number;
  /** Nonces that this node remembers at once. Defaults to 16 million. */
  readonly noncesMax?: number;
  /** Works on a server that forgets what it acknowledged when its machine stops (`fsync` off): for tests alone. */
  readonly allowUnsafeServer?: boolean;
}

const CONNECTIONS_DEFAULT_MAX = 10;
const CALL_TIMEOUT_DEFAULT_MS = 10_000;
const CONNECT_TIMEOUT_DEFAULT_MS = 3_000;
const WAITING_MAX = 1_000;
/** One for leases and one for the look at the server, which never holds up a renewal. */
const KEEPERS = 2;
/** Well below the length of a lease: a renewal that meets a dead connection is made again in time. */
const KEEPER_CALL_TIMEOUT_MS = 3_000;

/** Rejects with a `StoreOpenError` that tells the operator what to do; nothing is left open then. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const target = parseConnectionTarget(options.url);
  const guard = new ServerGuard({ schema: target.schema, allowUnsafeServer: options.allowUnsafeServer ?? false });
  const connector = new Connector({
    target,
    guard,
    logger: options.logger,
    password: () => readPassword(target, options.passwordFile),
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_DEFAULT_MS,
    monotonic: () => performance.now(),
  });
  const callTimeoutMs = options.callTimeoutMs ?? CALL_TIMEOUT_DEFAULT_MS;
  const session = await connectFirst(connector, callTimeoutMs);
  const signals = new SignalBus({ connector, callTimeoutMs, schema: target.schema, logger: options.logger });
  try {
    await migrate(session, target);
    await signals.open(session);
  } catch (error) {
    await session.close();
    throw error;
  }
  return assemble({ options, connector, guard, signals });
}

interface Parts {
  readonly options: PostgresStoreOptions;
  readonly connector: Connector;
  readonly guard: ServerGuard;
  readonly signals: SignalBus;
}

function assemble({ options, connector, guard, signals }: Parts): Store {
  const { writers, readers, keepers } = openPools(options, connector);
  const now = (): GivenTime => options.now?.() ?? null;
  const tasks = new TaskCalls({ writers, now, onCommit: options.onCommit, tell: (task) => tellOf(task, signals) });
  const reads = new TaskReadCalls(readers);
  const nonces = new NonceCalls(writers, options.noncesMax);
  const sharing = new SharingCalls({ writers, readers, signals, now });
  const monitor = new Monitor({ keepers, guard, connector });
  monitor.start();
  const close = async (): Promise<void> => {
    await Promise.all([tasks.close(), reads.close(), nonces.close(), sharing.close(), monitor.stop()]);
    await Promise.all([writers.close(), readers.close(), keepers.close(), signals.close()]);
  };
  let closing: Promise<void> | undefined;
  return {
    accept: tasks.accept,
    claim: tasks.claim,
    apply: tasks.apply,
    deleteEnded: tasks.deleteEnded,
    claimDeliveries: tasks.claimDeliveries,
    settleDeliveries: tasks.settleDeliveries,
    getTask: reads.getTask,
    findTask: reads.findTask,
    listTasks: reads.listTasks,
    waitingFunctions: reads.waitingFunctions,
    findExpired: reads.findExpired,
    countTasks: reads.countTasks,
    ...leaseCalls({ keepers, readers, now }),
    ...recordCalls({ writers, readers, tell: (signal) => signals.send(signal) }),
    ...packageCalls(writers, readers, now),
    useNonce: nonces.useNonce,
    sharing,
    health: () => connector.health,
    close: () => (closing ??= close()),
  };
}

/** What other nodes want to hear of a task that was written. */
function tellOf({ account, functionName, taskId, status, dueAtMs, owner, fence }: Task, signals: SignalBus): void {
  if (isWaiting(status)) signals.send({ kind: 'waiting', account, functionName, dueAtMs });
  if (status !== 'Stopping' || owner === null) return;
  signals.send({ kind: 'stopping', account, functionName, taskId, owner, fence });
}

/** Apart, so that a long list holds up no commit, and nothing the renewal of a lease. */
function openPools(
  options: PostgresStoreOptions,
  connector: Connector,
): Record<'writers' | 'readers' | 'keepers', SessionPool> {
  const { connectionsMax = CONNECTIONS_DEFAULT_MAX, callTimeoutMs = CALL_TIMEOUT_DEFAULT_MS } = options;
  const readersMax = Math.max(1, Math.floor((connectionsMax - KEEPERS) / 3));
  const writersMax = Math.max(1, connectionsMax - KEEPERS - readersMax);
  const limits = { connector, callTimeoutMs, waitingMax: WAITING_MAX };
  return {
    writers: new SessionPool({ ...limits, purpose: 'writes', sizeMax: writersMax }),
    readers: new SessionPool({ ...limits, purpose: 'reads', sizeMax: readersMax }),
    keepers: new SessionPool({
      ...limits,
      purpose: 'renewals',
      sizeMax: KEEPERS,
      passesBar: true,
      callTimeoutMs: Math.min(callTimeoutMs, KEEPER_CALL_TIMEOUT_MS),
    }),
  };
}

const OPEN_PROBLEMS: Readonly<Record<ServerProblem, StoreOpenProblem>> = {
  'read-only': 'not-reachable',
  'not-durable': 'not-durable',
  unsuitable: 'not-permitted',
  older: 'not-reachable',
  'schema-too-new': 'schema-too-new',
};

async function connectFirst(connector: Connector, callTimeoutMs: number): Promise<Session> {
  try {
    return await connector.connect(callTimeoutMs);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const problem = error.cause instanceof ServerRefused ? OPEN_PROBLEMS[error.cause.problem] : 'not-reachable';
    throw new StoreOpenError(problem, messageOf(error), { cause: error });
  }
}

async function readPassword(target: ConnectionTarget, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return target.password;
  return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
}
