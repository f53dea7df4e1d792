/**
 * Decides whether a server may be written to. A standby and a read-only server refuse by themselves; a primary from
 * before a failover does not. It is recognized by its timeline (each promotion begins a higher one), and a copy that was
 * put back by the end of its log: both only ever grow. The highest seen are remembered for as long as the process runs.
 */
import type { Session } from './session.ts';
import type { Statement } from './statement.ts';
import { SCHEMA_VERSION } from './migrations/migrations.ts';

/** Sent on each new connection, in one round trip, before anything else. */
const SET_UP: Statement = {
  name: 'set_up',
  text: `
    SELECT
      set_config('search_path', $1 || ', pg_temp', false),
      -- A weaker setting of the role or the database would make a 202 a lie. remote_apply is stronger, and kept.
      set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
      -- A lock that was waited for must show what its holder wrote.
      set_config('default_transaction_isolation', 'read committed', false),
      -- Every statement finds few rows by an index, in its order. Nothing may make a plan of another kind look good for a
      -- moment: not a table that was empty when the plan was made, nor one that was never analyzed, nor a bound that the
      -- planner has to guess. Retention once read every ended task for each thousand that it deleted.
      set_config('enable_seqscan', 'off', false),
      set_config('enable_bitmapscan', 'off', false),
      set_config('enable_hashjoin', 'off', false),
      set_config('enable_mergejoin', 'off', false),
      set_config('plan_cache_mode', 'force_generic_plan', false),
      set_config('jit', 'off', false),
      set_config('timezone', 'UTC', false)`,
};

const IDENTIFY: Statement = {
  name: 'identify',
  text: `
    SELECT
      pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on',
      current_setting('fsync'),
      current_setting('synchronous_commit'),
      current_setting('server_encoding'),
      current_setting('server_version_num')::integer,
      (SELECT system_identifier::text FROM pg_control_system()),
      CASE WHEN pg_is_in_recovery() THEN NULL ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END,
      CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn() - '0/0'::pg_lsn END::text`,
};

const NEWEST_SCHEMA: Statement = {
  name: 'newest_schema',
  text: `SELECT coalesce(max(client_version_min), 0) FROM schema_migration`,
};

const SERVER_VERSION_MIN = 140_000;

export type ServerProblem = 'read-only' | 'not-durable' | 'unsuitable' | 'older' | 'schema-too-new';

/** The server must not be used. The message tells why, and what to do. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
  readonly problem: ServerProblem;

  constructor(problem: ServerProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

interface ServerPlace {
  readonly systemIdentifier: string;
  readonly timeline: number;
  readonly flushedTo: bigint;
}

export interface ServerGuardOptions {
  readonly schema: string;
  /** Serves from a server that loses what it acknowledged when its machine stops: for tests. */
  readonly allowUnsafeServer: boolean;
}

export class ServerGuard {
  readonly #options: ServerGuardOptions;
  #highest: ServerPlace | undefined;

  constructor(options: ServerGuardOptions) {
    this.#options = options;
  }

  /** Sets a new connection up. Throws `ServerRefused`. */
  async admit(session: Session): Promise<void> {
    await session.query(SET_UP, [this.#options.schema]);
    await this.inspect(session);
  }

  /** As `admit` does; again and again on a connection that stays, because a server can change under it. */
  async inspect(session: Session): Promise<void> {
    const [row = []] = await session.query(IDENTIFY);
    const [readOnly, fsync, synchronousCommit, encoding, version, systemIdentifier, timeline, flushedTo] = row;
    if (readOnly === true) throw new ServerRefused('read-only', 'it takes no writes (a standby, or set read-only)');
    this.#requireSuitable({ fsync, synchronousCommit, encoding, version });
    this.#requireNewest({
      systemIdentifier: String(systemIdentifier),
      timeline: Number.parseInt(String(timeline), 16),
      flushedTo: BigInt(String(flushedTo)),
    });
  }

  /** A newer program may have changed the schema since this one started. Throws `ServerRefused`. */
  async requireKnownSchema(session: Session): Promise<void> {
    const [row = []] = await session.query(NEWEST_SCHEMA);
    if (Number(row[0]) <= SCHEMA_VERSION) return;
    throw new ServerRefused(
      'schema-too-new',
      `the schema was upgraded to one that needs version ${String(row[0])} or newer of it, this program knows ${SCHEMA_VERSION}: run the newer version`,
    );
  }

  #requireSuitable(found: Record<'fsync' | 'synchronousCommit' | 'encoding' | 'version', unknown>): void {
    const { fsync, synchronousCommit, encoding, version } = found;
    if (Number(version) < SERVER_VERSION_MIN) {
      throw new ServerRefused('unsuitable', 'PostgreSQL 14 or newer is needed');
    }
    if (encoding !== 'UTF8') {
      throw new ServerRefused('unsuitable', `the database is encoded in ${String(encoding)}, UTF8 is needed`);
    }
    if (this.#options.allowUnsafeServer) return;
    if (fsync !== 'on') throw new ServerRefused('not-durable', 'its `fsync` is off: set it on');
    if (synchronousCommit !== 'on' && synchronousCommit !== 'remote_apply') {
      throw new ServerRefused('not-durable', 'its `synchronous_commit` cannot be set on');
    }
  }

  #requireNewest(found: ServerPlace): void {
    const highest = (this.#highest ??= found);
    if (found.systemIdentifier !== highest.systemIdentifier) {
      throw new ServerRefused('older', 'it is another database cluster than the one this server started with');
    }
    const isOlder =
      found.timeline < highest.timeline || (found.timeline === highest.timeline && found.flushedTo < highest.flushedTo);
    if (isOlder) {
      throw new ServerRefused(
        'older',
        `it is behind what was seen before (timeline ${found.timeline} after ${highest.timeline}): an old primary, or a copy that was put back. Stop it, or restart this server if that is meant`,
      );
    }
    this.#highest = found;
  }
}
