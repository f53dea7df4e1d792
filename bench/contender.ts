/** The shape of everything that is measured: Meanwhile, the limits it could reach, and what a user would take instead. */
import type { Backend } from './backends/backend.ts';
import type { MeanwhileServer } from './contenders/meanwhile-server.ts';
import type { Usage } from './process/usage.ts';

export interface Contender {
  /** In kebab-case: for `--only`, and in the results. */
  readonly name: string;
  /** As a reader knows it. */
  readonly title: string;
  /** What has happened on the disk when a task is acknowledged. */
  readonly durability: string;
  /** What was set, so that a reader who knows the contender can judge whether it was treated well. */
  readonly settings: string;
  /** Looks whether it can run here; installs what is missing where `mayInstall`, below this folder and node_modules alone. */
  prepare(options: { readonly mayInstall: boolean }): Promise<Availability>;
  /** Whether several nodes of it can work on one database. Others are never asked for more than one. */
  readonly canShare?: true;
  /** A new and empty one, on loopback, whose tasks wait until they are released. `nodes` of it on one database: 1 unless given. */
  start(nodes?: number): Promise<Running>;
}

/** The version that is measured, or why there is nothing to measure. */
export type Availability = { readonly version: string } | { readonly missing: string };

export interface Running {
  /** Adds tasks one by one, each acknowledged by itself. Rejects when one is refused. */
  add(load: Load): Promise<Added>;
  /** The contender's own way to add many in one call. */
  readonly addInBulk?: (load: BulkLoad) => Promise<Added>;
  /** Absent where nothing is run. */
  readonly execution?: Execution;
  /** What its servers and handlers have used since its start. Undefined where /proc is missing. */
  readonly usage: () => Usage | undefined;
  /** The server under it, where it has one. Its use is a part of `usage`. */
  readonly database?: Backend;
  /** The processes that submit: this one, or those with the contender's client library in them. */
  readonly submitterPids: readonly number[];
  /** Meanwhile itself, for work that no other is given: its function `noop` is held back by a concurrency of 0. */
  readonly meanwhile?: MeanwhileServer;
  /** Ends its processes and deletes its data. */
  stop(): Promise<void>;
}

export interface Execution {
  /** Lets the tasks run: those that wait, and from now on those that come. Their handler does nothing. */
  release(): Promise<void>;
  /** Lets none run from now on, until they are released again. For when nothing runs. */
  hold(): Promise<void>;
  /** Resolves once `count` tasks in all have ended, and the contender has recorded it. */
  ended(count: number): Promise<void>;
  /** Milliseconds from the moment a task is due to be sent to the first line of its handler, one a task. */
  startLatencies(pace: Pace): Promise<Float64Array>;
}

export interface Load {
  readonly count: number;
  /** Connections with one request under way each; in a library, adds under way at a time. */
  readonly connections: number;
  readonly payloadBytes: number;
}

export interface BulkLoad {
  readonly count: number;
  readonly batch: number;
  readonly payloadBytes: number;
}

export interface Pace {
  readonly count: number;
  /** Evenly spaced, however late the answers are. Undefined: one task at a time, the next when the last has started. */
  readonly perSecond: number | undefined;
}

export interface Added {
  /** When the first request was sent, in milliseconds since the epoch with fractions. */
  readonly startedAtMs: number;
  /** From the first request to the last answer. Making the requests is not part of it. */
  readonly seconds: number;
  /** Milliseconds, one a request. */
  readonly latenciesMs: Float64Array;
}

/** Whether it is Meanwhile, on whichever store. */
export function isOurs({ name }: Contender): boolean {
  return name.startsWith('meanwhile-');
}

/** Starts a contender for one measurement, and ends it however that goes. */
export async function withRunning<T>(
  contender: Contender,
  measure: (running: Running) => Promise<T>,
  nodes = 1,
): Promise<T> {
  const running = await contender.start(nodes);
  try {
    return await measure(running);
  } finally {
    await running.stop();
  }
}
