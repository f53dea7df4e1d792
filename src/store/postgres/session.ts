/**
 * One connection. It runs prepared statements with a deadline of its own, so that neither a server that went silent
 * nor a cable that was cut holds a call longer, and tells a write that was not done from one that may have been.
 */
import { Client, type ClientConfig } from 'pg';
import { StoreUnavailable } from '../store.ts';
import type { ConnectionTarget, TargetHost } from './connection-target.ts';
import { failureOf, messageOf } from './postgres-error.ts';
import type { Row, SqlValue, Statement } from './statement.ts';

const BIGINT = 20;
const BYTEA = 17;
const BOOLEAN = 16;
/** bigint, integer, smallint, double precision: no number of ours is beyond 2^53. */
const NUMBERS = new Set([BIGINT, 23, 21, 701]);
const KEEP_ALIVE_AFTER_MS = 10_000;
const STATEMENT_TIMEOUT_SHARE = 0.8;
const GOODBYE_MS = 1_000;

export interface SessionOptions {
  readonly target: ConnectionTarget;
  readonly host: TargetHost;
  readonly password: () => Promise<string | undefined>;
  readonly connectTimeoutMs: number;
  /** A statement that takes longer ends with its connection. */
  readonly callTimeoutMs: number;
}

/** The call cannot be sent again as it is: the server refused what it says. */
export class StatementRefused extends Error {
  override readonly name = 'StatementRefused';
}

/** Nothing was done, and the same call may succeed when it is made again. */
export class StatementLost extends Error {
  override readonly name = 'StatementLost';
}

export class Session {
  readonly #client: Client;
  readonly #callTimeoutMs: number;
  #usable = true;
  /** A commit that was told done, though no synchronous standby has it. */
  #standbyMissed = false;
  readonly #ended = Promise.withResolvers<string>();

  private constructor(client: Client, callTimeoutMs: number) {
    this.#client = client;
    this.#callTimeoutMs = callTimeoutMs;
    client.on('error', (error) => this.#end(messageOf(error)));
    client.on('end', () => this.#end('the connection ended'));
    client.on('notice', (notice) => {
      // The message may be in any language, the name of the server's routine is not.
      if (notice.routine === 'SyncRepWaitForLSN') this.#standbyMissed = true;
    });
  }

  static async open(options: SessionOptions): Promise<Session> {
    const { use } = options.target.tls;
    try {
      return await Session.#connect(options, use !== 'never');
    } catch (error) {
      if (use !== 'prefer' || !messageOf(error).includes('does not support SSL')) throw error;
      return await Session.#connect(options, false);
    }
  }

  static async #connect(options: SessionOptions, tls: boolean): Promise<Session> {
    const client = new Client(await clientConfig(options, tls));
    const session = new Session(client, options.callTimeoutMs);
    try {
      await client.connect();
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  /** False once a call on it broke; it takes no further one then. */
  get isUsable(): boolean {
    return this.#usable;
  }

  /** Resolves with a reason when the connection is gone. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** For statements whose effect, if any, can be lost or repeated without harm, and those inside a transaction. */
  async query(statement: Statement, values: readonly SqlValue[] = []): Promise<Row[]> {
    return await this.#run(statement, values, false);
  }

  /** For a statement that commits by itself. */
  async write(statement: Statement, values: readonly SqlValue[] = []): Promise<Row[]> {
    return await this.#run(statement, values, true);
  }

  /** Runs several statements in one text, which take no values: for migrations. */
  async execute(text: string): Promise<void> {
    try {
      await this.#client.query(text);
    } catch (error) {
      throw this.#translate(error, false);
    }
  }

  /** Commits what `work` did, or nothing of it when that throws. `work` returns before anything is promised. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.query(BEGIN);
    let answer: T;
    try {
      answer = await work();
    } catch (error) {
      if (this.#usable) await this.query(ROLLBACK);
      throw error;
    }
    await this.write(COMMIT);
    return answer;
  }

  onNotification(listener: (payload: string) => void): void {
    this.#client.on('notification', ({ payload }) => listener(payload ?? ''));
  }

  /** Says goodbye where that can be heard, for a second at most: a peer that is gone without a word answers none. Never rejects. */
  async close(): Promise<void> {
    this.#usable = false;
    const impatience = setTimeout(() => this.#client.connection.stream.destroy(), GOODBYE_MS);
    await this.#client.end().catch(() => undefined);
    clearTimeout(impatience);
  }

  async #run(statement: Statement, values: readonly SqlValue[], commits: boolean): Promise<Row[]> {
    if (!this.#usable) throw new StoreUnavailable('the connection to the database is gone');
    try {
      const result = await this.#client.query<unknown[]>({
        ...statement,
        values: values.map(storable),
        rowMode: 'array',
        query_timeout: this.#callTimeoutMs,
      } as ArrayQuery);
      if (!commits || !this.#standbyMissed) return result.rows;
    } catch (error) {
      throw this.#translate(error, commits);
    }
    this.#breakOff();
    throw new StoreUnavailable('the commit was not confirmed by the synchronous standby', { outcomeUnknown: true });
  }

  #translate(error: unknown, commits: boolean): Error {
    const { kind, reason } = failureOf(error);
    if (kind === 'refused') return new StatementRefused(reason, { cause: error });
    if (kind === 'again') return new StatementLost(reason, { cause: error });
    this.#breakOff();
    const outcomeUnknown = kind === 'broken' && commits;
    return new StoreUnavailable(`the database cannot be used: ${reason}`, { cause: error, outcomeUnknown });
  }

  #breakOff(): void {
    void this.close();
  }

  #end(reason: string): void {
    this.#usable = false;
    this.#ended.resolve(reason);
  }
}

/** `query_timeout` for one query is the driver's, but not in its types. */
type ArrayQuery = Statement & { values: unknown[]; rowMode: 'array'; query_timeout: number };

const BEGIN: Statement = { name: 'begin', text: 'BEGIN' };
const COMMIT: Statement = { name: 'commit', text: 'COMMIT' };
const ROLLBACK: Statement = { name: 'rollback', text: 'ROLLBACK' };

async function clientConfig(options: SessionOptions, tls: boolean): Promise<ClientConfig> {
  const { target, host, connectTimeoutMs, callTimeoutMs } = options;
  return {
    host: host.host,
    port: host.port,
    database: target.database,
    user: target.user,
    password: await options.password(),
    ssl: tls ? target.tls.options : false,
    application_name: 'meanwhile',
    connectionTimeoutMillis: connectTimeoutMs,
    // The server gives up a little before this side does: then nothing was done, and that is known.
    statement_timeout: callTimeoutMs * STATEMENT_TIMEOUT_SHARE,
    // A node that was cut off in the middle of a transaction must not hold its locks against the others.
    idle_in_transaction_session_timeout: callTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // The statements of a transaction need not wait for each other's answers.
    pipeline: true,
    types: { getTypeParser: parserOf },
  };
}

function parserOf(oid: number): (text: string) => unknown {
  if (NUMBERS.has(oid)) return Number;
  if (oid === BYTEA) return bytesOf;
  if (oid === BOOLEAN) return (text) => text === 't';
  return (text) => text;
}

/** In memory of their own: a part of a shared slab would keep all of it for as long as the task runs. */
function bytesOf(hex: string): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow((hex.length - 2) / 2);
  buffer.write(hex.slice(2), 'hex');
  return new Uint8Array(buffer.buffer);
}

/** Text of PostgreSQL holds every character but this one; as with a lone surrogate, another takes its place. */
function storable(value: SqlValue): unknown {
  if (typeof value === 'string' && value.includes('\0')) return value.replaceAll('\0', '\uFFFD');
  return value;
}
