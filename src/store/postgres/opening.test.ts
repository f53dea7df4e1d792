import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newTask } from '../../core/task.fixture.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { openPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations/migrations.ts';
import { administratorClient, SMALL, takeSchema } from './temporary-store.fixture.ts';

async function open(url: string, options: Partial<PostgresStoreOptions> = {}) {
  const store = await openPostgresStore({ ...SMALL, ...options, url });
  onTestFinished(() => store.close());
  return store;
}

/** A role with a setting or without rights. Gives an address as that role. */
async function asRole(url: string, make: (role: string) => string): Promise<string> {
  const role = `role_${crypto.randomUUID().slice(0, 8)}`;
  const client = await administratorClient();
  await client.query(`CREATE ROLE ${role} LOGIN; ${make(role)}`);
  onTestFinished(async () => {
    await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  return url.replace('meanwhile@', `${role}@`);
}

describe('opening', () => {
  it('makes the schema once when ten nodes start at the same time', async () => {
    const { schema, url } = await takeSchema();
    const stores = await Promise.all(Array.from({ length: 10 }, () => open(url)));
    expect(await stores[0]?.accept([{ task: newTask(), payload: new Uint8Array() }])).toEqual(['accepted']);
    expect(await stores[9]?.findTask(newTask())).toEqual(newTask());
    const client = await administratorClient();
    const { rows } = await client.query(`SELECT version FROM ${schema}.schema_migration ORDER BY version`);
    expect(rows).toEqual(MIGRATIONS.map(({ version }) => ({ version })));
  });

  it('says once why no server can be reached: to its caller', async () => {
    const error = vi.fn();
    const logger = { ...silentLogger, error };
    const opening = openPostgresStore({ ...SMALL, logger, url: 'postgres://meanwhile@127.0.0.1:1/meanwhile' });
    await expect(opening).rejects.toMatchObject({
      problem: 'not-reachable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
    expect(error).not.toHaveBeenCalled();
  });

  it('refuses a schema that needs a newer program, and works with one that does not', async () => {
    const { schema, url } = await takeSchema();
    await open(url);
    const client = await administratorClient();
    const add = (version: number, clientVersionMin: number) =>
      client.query(
        `INSERT INTO ${schema}.schema_migration (version, name, client_version_min) VALUES (${version}, 'later', ${clientVersionMin})`,
      );
    await add(SCHEMA_VERSION + 1, SCHEMA_VERSION);
    await open(url);
    await add(SCHEMA_VERSION + 2, SCHEMA_VERSION + 2);
    await expect(open(url)).rejects.toMatchObject({ name: 'StoreOpenError', problem: 'schema-too-new' });
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
  });

  it('tells a running program that the schema became too new for it', async () => {
    const { schema, url } = await takeSchema();
    const store = await open(url);
    const client = await administratorClient();
    await client.query(
      `INSERT INTO ${schema}.schema_migration (version, name, client_version_min) VALUES (99, 'later', 99)`,
    );
    while (store.health().ok) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(store.health().reason).toContain('run the newer version');
    await expect(store.accept([{ task: newTask(), payload: new Uint8Array() }])).rejects.toMatchObject({
      name: 'StoreUnavailable',
      outcomeUnknown: false,
    });
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
  });

  it('refuses a schema with tables of another program', async () => {
    const { schema, url } = await takeSchema();
    const client = await administratorClient();
    await client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.task (id integer)`);
    await expect(open(url)).rejects.toMatchObject({ problem: 'not-our-database' });
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
  });

  it('tells a role what it lacks, and serves one that only reads and writes', async () => {
    const { schema, url } = await takeSchema();
    const stranger = await asRole(url, () => '');
    await expect(open(stranger)).rejects.toMatchObject({
      problem: 'not-permitted',
      message: expect.stringContaining('CREATE'),
    });
    await open(url);
    const client = await administratorClient();
    const user = await asRole(
      url,
      (role) =>
        `GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`,
    );
    const store = await open(user);
    expect(await store.accept([{ task: newTask(), payload: new Uint8Array() }])).toEqual(['accepted']);
    await client.query(`TRUNCATE ${schema}.task, ${schema}.task_payload`);
  });

  it('makes its tables in a schema that was made for its role, which may create no other', async () => {
    const { schema, url } = await takeSchema();
    const owner = await asRole(url, (role) => `CREATE SCHEMA ${schema} AUTHORIZATION ${role}`);
    const store = await open(owner);
    expect(await store.accept([{ task: newTask(), payload: new Uint8Array() }])).toEqual(['accepted']);
  });

  it('refuses a server that takes no writes', async () => {
    const { url } = await takeSchema();
    const reader = await asRole(url, (role) => `ALTER ROLE ${role} SET default_transaction_read_only = on`);
    await expect(open(reader)).rejects.toMatchObject({
      problem: 'not-reachable',
      message: expect.stringContaining('takes no writes'),
    });
  });

  it('refuses a server that may lose what it acknowledged', async () => {
    const { url } = await takeSchema();
    const client = await administratorClient();
    const { rows } = await client.query<{ fsync: string }>('SHOW fsync');
    if (rows[0]?.fsync === 'on') await open(url, { allowUnsafeServer: false });
    else await expect(open(url, { allowUnsafeServer: false })).rejects.toMatchObject({ problem: 'not-durable' });
  });

  it('takes the next host where one cannot be reached, and names all where none can', async () => {
    const { url } = await takeSchema();
    const folder = new URLSearchParams(url.slice(url.indexOf('?'))).get('host') ?? '';
    const withHosts = (hosts: string) => url.replace(/host=[^&]*/, `host=${encodeURIComponent(hosts)}`);
    await open(withHosts(`127.0.0.1:1,${folder}`));
    const none = withHosts('127.0.0.1:1,127.0.0.1:2').replace('meanwhile@', 'meanwhile:top-secret@');
    const refusal = open(none);
    await expect(refusal).rejects.toMatchObject({ problem: 'not-reachable' });
    await expect(refusal).rejects.toThrow(/127\.0\.0\.1:1: .*127\.0\.0\.1:2: /);
    await expect(refusal).rejects.toThrow(/^(?!.*top-secret)/);
  });
});
