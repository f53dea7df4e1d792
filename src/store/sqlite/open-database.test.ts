import { once } from 'node:events';
import { open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newTask } from '../../core/task.fixture.ts';
import { openReadingConnection, pragma } from './connection.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { openDatabase } from './open-database.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { makeFolder, SMALL } from './temporary-store.fixture.ts';

let folder = '';
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const databaseFile = (): string => join(folder, 'meanwhile.db');

async function fill(): Promise<void> {
  const store = await openSqliteStore({ ...SMALL, folder });
  const tasks = Array.from({ length: 300 }, (_, index) => newTask({ taskId: `t-${index}` }));
  await store.accept(tasks.map((task) => ({ task, payload: new Uint8Array(500) })));
  await store.close();
}

const opening = (): Promise<unknown> => openSqliteStore({ ...SMALL, folder });

describe('the settings of a connection', () => {
  it('syncs each commit, at the first opening and at every later one', async () => {
    await writeFile(databaseFile(), '');
    for (let opened = 0; opened < 2; opened += 1) {
      const database = openDatabase(databaseFile(), 0);
      expect([pragma(database, 'journal_mode'), pragma(database, 'synchronous')]).toEqual(['wal', 2]);
      expect(pragma(database, 'mmap_size')).toBe(0);
      const reader = openReadingConnection(databaseFile());
      expect(pragma(reader, 'synchronous')).toBe(2);
      expect(() => reader.exec('DELETE FROM task')).toThrow('readonly');
      reader.close();
      database.close();
    }
  });
});

describe('the data folder', () => {
  it('belongs to one opener at a time, and the refusal names it', async () => {
    const store = await openSqliteStore({ ...SMALL, folder });
    await expect(opening()).rejects.toMatchObject({
      problem: 'folder-in-use',
      message: expect.stringContaining(folder),
    });
    await store.close();
    const again = await openSqliteStore({ ...SMALL, folder });
    await again.close();
  });

  it('is refused while another process has it, and free once that one is killed', async () => {
    const script = `import { takeDataFolder } from ${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)};
      globalThis.held = takeDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => globalThis.held, 1e6);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(other.stdout, 'data');
      await expect(opening()).rejects.toMatchObject({ problem: 'folder-in-use' });
    } finally {
      const exited = once(other, 'exit');
      other.kill('SIGKILL');
      await exited;
    }
    const store = await openSqliteStore({ ...SMALL, folder });
    await store.close();
  });

  it('and its files are for their owner only', async () => {
    const made = join(folder, 'made', 'here');
    const store = await openSqliteStore({ ...SMALL, folder: made });
    await store.accept([{ task: newTask(), payload: new Uint8Array() }]);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    for (const file of ['meanwhile.db', 'meanwhile.db-wal', 'lock.db', 'reserve']) {
      expect((await stat(join(made, file))).mode & 0o777).toBe(0o600);
    }
    await store.close();
  });

  it('is refused with a sentence when it cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const inFile = openSqliteStore({ ...SMALL, folder: join(folder, 'file', 'data') });
    await expect(inFile).rejects.toMatchObject({ problem: 'folder-unusable' });
    const asFile = openSqliteStore({ ...SMALL, folder: join(folder, 'file') });
    await expect(asFile).rejects.toMatchObject({
      message: `the data folder ${join(folder, 'file')} cannot be used: ${join(folder, 'file')} is a file`,
    });
  });

  it.runIf(process.platform === 'linux')('is refused at once where the system makes no folder', async () => {
    const inProc = openSqliteStore({ ...SMALL, folder: '/proc/meanwhile/data' });
    await expect(inProc).rejects.toMatchObject({
      problem: 'folder-unusable',
      message: expect.stringMatching(/^the data folder \/proc\/meanwhile\/data cannot be used: ENOENT/),
    });
  });
});

describe('a database that must not be served', () => {
  it('is refused when it is no database at all', async () => {
    await writeFile(databaseFile(), 'These are the notes of last summer, and nothing else.');
    await expect(opening()).rejects.toMatchObject({
      problem: 'not-our-database',
      message: expect.stringContaining('backup'),
    });
  });

  it('is refused, untouched, when it belongs to another program', async () => {
    const other = new DatabaseSync(databaseFile());
    other.exec('CREATE TABLE their (own TEXT)');
    other.close();
    await expect(opening()).rejects.toMatchObject({ problem: 'not-our-database' });
    const still = new DatabaseSync(databaseFile());
    expect(still.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'their' }]);
    still.close();
  });

  it('is refused when a newer version wrote it that ours must not touch', async () => {
    await fill();
    const newer = { version: MIGRATIONS.length + 1, name: 'newer', sql: 'CREATE TABLE newer (a) STRICT' };
    const database = new DatabaseSync(databaseFile());
    const strict = newer.sql.replace('(a)', '(a TEXT)');
    migrate(database, 0, [...MIGRATIONS, { ...newer, sql: strict, clientVersionMin: newer.version }]);
    database.close();
    await expect(opening()).rejects.toMatchObject({
      problem: 'schema-too-new',
      message: expect.stringContaining('version'),
    });
  });

  it('is served when a newer version wrote it that says ours may', async () => {
    await fill();
    const database = new DatabaseSync(databaseFile());
    const version = MIGRATIONS.length + 1;
    migrate(database, 0, [
      ...MIGRATIONS,
      { version, name: 'newer', sql: 'CREATE TABLE newer (a TEXT) STRICT', clientVersionMin: 1 },
    ]);
    database.close();
    const store = await openSqliteStore({ ...SMALL, folder });
    expect(await store.countTasks()).toMatchObject([{ count: 300 }]);
    await store.close();
  });

  it('is refused when a part of it is missing', async () => {
    await fill();
    const { size } = await stat(databaseFile());
    await truncate(databaseFile(), size - 8192);
    await expect(opening()).rejects.toMatchObject({ problem: 'damaged' });
  });

  it('is refused when its pages are not what they should be', async () => {
    await fill();
    await overwrite(4096);
    await expect(opening()).rejects.toMatchObject({ problem: 'damaged' });
  });
});

describe('a database that breaks while it is served', () => {
  it('ends the store: one word to the process, and no call is answered with success again', async () => {
    await fill();
    const reasons: string[] = [];
    const store = await openSqliteStore({ ...SMALL, folder, onFatal: (reason) => reasons.push(reason) });
    await overwrite(4096);
    const query = {
      account: newTask().account,
      functionName: 'resize',
      order: 'oldest-first',
      limit: 100,
      includePayload: true,
    } as const;
    const calls = [store.listTasks(query), store.listTasks(query)];
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'StoreUnavailable' });
    const late = store.accept([{ task: newTask({ taskId: 'late' }), payload: new Uint8Array() }]);
    await expect(late).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(reasons).toHaveLength(1);
    expect(store.health()).toMatchObject({ ok: false });
    await store.close();
  });
});

/** Garbage over all pages from an offset on. */
async function overwrite(fromByte: number): Promise<void> {
  const { size } = await stat(databaseFile());
  const file = await open(databaseFile(), 'r+');
  await file.write(Buffer.alloc(size - fromByte, 0xa5), 0, size - fromByte, fromByte);
  await file.close();
}
