import { describe, expect, it, onTestFinished } from 'vitest';
import { newTask } from '../../core/task.fixture.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { bytesOf, FUNCTION } from '../conformance/workbench.ts';
import type { Store } from '../store.ts';
import { openPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
import { openProxy, type PostgresProxy } from './postgres-proxy.fixture.ts';
import { administratorClient, serverUrl, SMALL, takeSchema } from './temporary-store.fixture.ts';

interface Rig {
  readonly store: Store;
  readonly proxy: PostgresProxy;
  readonly schema: string;
  readonly log: string[];
  accept(taskId: string): Promise<readonly string[]>;
}

/** A store that reaches its server by a proxy. Deadlines are short, so that what only they end ends soon. */
async function rigged(options: Partial<PostgresStoreOptions> = {}): Promise<Rig> {
  const { schema } = await takeSchema();
  const proxy = await openProxy(await serverUrl());
  const log: string[] = [];
  const write = (_: unknown, message: string): void => void log.push(message);
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  const store = await openPostgresStore({
    ...SMALL,
    logger,
    url: `postgres://meanwhile:top-secret@127.0.0.1:${proxy.port}/postgres?schema=${schema}&sslmode=disable`,
    callTimeoutMs: 1_000,
    connectTimeoutMs: 1_000,
    ...options,
  });
  onTestFinished(async () => {
    proxy.pass();
    await store.close();
    await proxy.close();
  });
  const accept = (taskId: string) => store.accept([{ task: newTask({ taskId }), payload: bytesOf(taskId) }]);
  return { store, proxy, schema, log, accept };
}

/** Resolves once the store works again: by itself, as nothing restarts it. */
async function untilItAccepts(rig: Rig, taskId: string): Promise<void> {
  for (;;) {
    try {
      await rig.accept(taskId);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function untilHealth(store: Store, ok: boolean): Promise<void> {
  while (store.health().ok !== ok) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Holds up whatever touches tasks until it is called. */
async function lockTasks(schema: string): Promise<() => Promise<void>> {
  const client = await administratorClient();
  await client.query(`BEGIN; LOCK TABLE ${schema}.task IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await client.query('ROLLBACK');
  };
}

describe('a connection that breaks', () => {
  it('leaves the outcome of a write under way unknown, and harms no later one', async () => {
    const rig = await rigged({ callTimeoutMs: 20_000 });
    await rig.accept('first');
    const unlock = await lockTasks(rig.schema);
    const underWay = rig.accept('under-way');
    const refused = expect(underWay).rejects.toMatchObject({ name: 'StoreUnavailable', outcomeUnknown: true });
    await untilBackendWaits(rig.schema);
    rig.proxy.cut();
    await refused;
    await unlock();
    await untilItAccepts(rig, 'later');
    expect(await rig.store.findTask(newTask({ taskId: 'first' }))).toBeDefined();
  });

  it('fails reads with an outcome that is known', async () => {
    const rig = await rigged({ callTimeoutMs: 20_000 });
    const unlock = await lockTasks(rig.schema);
    const read = expect(rig.store.findTask(newTask())).rejects.toMatchObject({ outcomeUnknown: false });
    await untilBackendWaits(rig.schema);
    rig.proxy.cut();
    await read;
    await unlock();
  });

  it('is replaced when it breaks while nothing goes on', async () => {
    const rig = await rigged();
    await rig.accept('a');
    rig.proxy.cut();
    await untilItAccepts(rig, 'b');
    expect(
      (await rig.store.listTasks({ ...FUNCTION, order: 'oldest-first', limit: 9, includePayload: false })).tasks,
    ).toHaveLength(2);
  });

  it('gives its place to the calls that came meanwhile, however many there are', async () => {
    const rig = await rigged({ callTimeoutMs: 20_000 });
    const unlock = await lockTasks(rig.schema);
    const reads = Array.from({ length: 12 }, () => rig.store.findTask(newTask()).catch(() => 'lost'));
    await untilBackendWaits(rig.schema);
    rig.proxy.cut();
    await unlock();
    const answers = await Promise.all(reads);
    expect(answers).toContain('lost');
    expect(await rig.store.findTask(newTask())).toBeUndefined();
  });

  it('takes no place when its end is not heard, either', async () => {
    const rig = await rigged();
    const read = () => rig.store.findTask(newTask()).catch(() => 'lost');
    await Promise.all(Array.from({ length: 12 }, read));
    // What is open goes silent for good; new connections are let through.
    rig.proxy.forget();
    expect(await read()).toBe('lost');
    expect(await Promise.all(Array.from({ length: 12 }, read))).not.toContain('lost');
  });

  it('tells only what is a signal, whatever others write to the channel', async () => {
    const rig = await rigged();
    const heard: string[] = [];
    rig.store.sharing?.onSignal((signal) => heard.push(signal.kind));
    const client = await administratorClient();
    for (const payload of ['', 'rubbish', '{}', 'null', '[null]', '[{"kind":"of a newer node"}]']) {
      await client.query('SELECT pg_notify($1, $2)', [rig.schema, payload]);
    }
    await rig.accept('t');
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    expect(heard).toEqual(['waiting']);
  });

  it('is heard on again afterwards', async () => {
    const rig = await rigged();
    const heard: string[] = [];
    rig.store.sharing?.onSignal((signal) => heard.push(signal.kind));
    rig.proxy.cut();
    for (let number = 0; heard.length === 0; number += 1) {
      await untilItAccepts(rig, `t-${number}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(heard[0]).toBe('waiting');
  });
});

describe('a server that cannot be used', () => {
  it('holds no call longer than its deadline when it goes silent', async () => {
    const rig = await rigged();
    await rig.accept('before');
    rig.proxy.stall();
    await expect(rig.accept('silent')).rejects.toMatchObject({ name: 'StoreUnavailable', outcomeUnknown: true });
    rig.proxy.cut();
    rig.proxy.pass();
    await untilItAccepts(rig, 'after');
  });

  it('ends a statement that waits too long, and knows that nothing was done', async () => {
    const rig = await rigged();
    await rig.accept('before');
    const unlock = await lockTasks(rig.schema);
    await expect(rig.accept('locked')).rejects.toMatchObject({ name: 'StoreUnavailable', outcomeUnknown: false });
    await unlock();
    expect(await rig.store.findTask(newTask({ taskId: 'locked' }))).toBeUndefined();
  });

  it('is told by the store’s health, with the reason and without the password, until it is back', async () => {
    const rig = await rigged();
    rig.proxy.refuse();
    await untilHealth(rig.store, false);
    await expect(rig.accept('t')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(rig.store.health().reason).toContain(`127.0.0.1:${rig.proxy.port}`);
    rig.proxy.pass();
    await untilHealth(rig.store, true);
    await untilItAccepts(rig, 'u');
    expect(rig.log.join('\n')).toContain('can be used again');
    expect(rig.log.join('\n')).not.toContain('top-secret');
  });

  it('is refused at once while it is known to be gone', async () => {
    const rig = await rigged();
    rig.proxy.refuse();
    await untilHealth(rig.store, false);
    const calls = Array.from({ length: 500 }, (_, index) => rig.accept(`t-${index}`));
    const answers = await Promise.allSettled(calls);
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  });
});

/** Resolves once a statement of ours waits for the lock of a schema's tasks. */
async function untilBackendWaits(schema: string): Promise<void> {
  const client = await administratorClient();
  for (;;) {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${schema}.task'::regclass`,
    );
    if (rows.length > 0) return;
  }
}
