/** Brings the schema to that of this program, or refuses it. Any number of nodes may start at once. */
import { DatabaseError } from 'pg';
import { StoreOpenError } from '../store-open-error.ts';
import type { ConnectionTarget } from './connection-target.ts';
import type { Migration } from './migrations/migration.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Session } from './session.ts';
import type { Statement } from './statement.ts';

const LOCK: Statement = {
  name: 'lock_schema',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('meanwhile schema ' || $1, 0))`,
};

const FIND_LEDGER: Statement = {
  name: 'find_ledger',
  text: `
    SELECT
      to_regclass($1 || '.schema_migration') IS NOT NULL,
      to_regclass($1 || '.task') IS NOT NULL OR to_regclass($1 || '.record') IS NOT NULL,
      to_regnamespace($1) IS NOT NULL`,
};

const READ_LEDGER: Statement = {
  name: 'read_ledger',
  text: 'SELECT coalesce(max(version), 0), coalesce(max(client_version_min), 0) FROM schema_migration',
};

const LEDGER = `
CREATE TABLE IF NOT EXISTS schema_migration (
  version            integer PRIMARY KEY,
  name               text NOT NULL,
  client_version_min integer NOT NULL,
  applied_at         timestamptz NOT NULL DEFAULT now()
)`;

const WRITE_LEDGER: Statement = {
  name: 'write_ledger',
  text: 'INSERT INTO schema_migration (version, name, client_version_min) VALUES ($1, $2, $3)',
};

/** All steps in one transaction. Throws `StoreOpenError`; nothing is changed then. */
export async function migrate(
  session: Session,
  target: Pick<ConnectionTarget, 'schema' | 'user'>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  try {
    await session.transaction(() => migrateInside(session, target.schema, migrations));
  } catch (error) {
    if (!isNotPermitted(error)) throw error;
    throw new StoreOpenError(
      'not-permitted',
      `the role ${target.user} may not make or upgrade the schema ${target.schema}: start the server once as a role that owns it or has CREATE on the database, or grant those rights`,
      { cause: error },
    );
  }
}

async function migrateInside(session: Session, schema: string, migrations: readonly Migration[]): Promise<void> {
  await session.query(LOCK, [schema]);
  const found = await readVersion(session, schema);
  requireKnown(found, migrations.length, schema);
  if (found.version >= migrations.length) return;
  // Not IF NOT EXISTS: that asks for the right to create even where there is nothing to do.
  if (!found.hasSchema) await session.execute(`CREATE SCHEMA ${schema}`);
  if (found.version === 0) await session.execute(LEDGER);
  for (const migration of migrations.slice(found.version)) {
    await session.execute(migration.sql);
    await session.query(WRITE_LEDGER, [migration.version, migration.name, migration.clientVersionMin]);
  }
}

interface FoundVersion {
  readonly version: number;
  readonly clientVersionMin: number;
  readonly hasSchema: boolean;
}

async function readVersion(session: Session, schema: string): Promise<FoundVersion> {
  const [[hasLedger, hasTables, hasSchema] = []] = await session.query(FIND_LEDGER, [schema]);
  if (hasLedger !== true && hasTables === true) {
    throw new StoreOpenError(
      'not-our-database',
      `the schema ${schema} has tables of another program: choose another one with \`?schema=\``,
    );
  }
  if (hasLedger !== true) return { version: 0, clientVersionMin: 0, hasSchema: hasSchema === true };
  const [[version, clientVersionMin] = []] = await session.query(READ_LEDGER);
  return { version: Number(version), clientVersionMin: Number(clientVersionMin), hasSchema: true };
}

/** A newer schema is served as long as every step beyond ours says that programs of our age may. */
function requireKnown({ version, clientVersionMin }: FoundVersion, ours: number, schema: string): void {
  if (version <= ours || clientVersionMin <= ours) return;
  throw new StoreOpenError(
    'schema-too-new',
    `the schema ${schema} has version ${version}, this program knows ${ours}: run the newer version that wrote it, or restore a backup from before the upgrade`,
  );
}

function isNotPermitted(error: unknown): boolean {
  const INSUFFICIENT_PRIVILEGE = '42501';
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof DatabaseError && cause.code === INSUFFICIENT_PRIVILEGE;
}
