/** A full disk and a damaged database: no 202, a reason in sight, and nothing lost. */
import { readdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RawClient, wireError } from '../support/raw-client.ts';
import { type Server, startServer } from '../support/server.ts';
import { makeSharedFile, makeSharedFolder } from '../support/shared-folder.ts';
import { until } from '../support/until.ts';
import { readLedger } from './evidence/ledgers.ts';
import { allEnded, deployLedger, listTasks } from './load/ledger-function.ts';
import { mountSmallDisk } from './small-disk.ts';

const INVOKE = '/2023-03-30/functions/ledger/invocations';

async function submit(server: Server, taskId: string, runMs: number, padding = '') {
  const client = new RawClient({ host: server.host });
  return await client.send({
    method: 'POST',
    target: INVOKE,
    headers: [
      ['x-fc-invocation-type', 'Async'],
      ['x-fc-async-task-id', taskId],
    ],
    body: JSON.stringify({ taskId, runMs, failures: 0, padding }),
  });
}

async function health(server: Server): Promise<{ readonly status: number; readonly text: string }> {
  const { status, body } = await new RawClient({ host: server.host }).sendUnsigned('GET', '/healthz');
  return { status, text: body.toString('utf8') };
}

const disk = mountSmallDisk(160);

afterAll(() => {
  disk?.remove();
});

describe('a full disk', () => {
  // Mounting takes rights that a developer may not have; the store's own tests fill a disk without it.
  it.skipIf(disk === undefined)(
    'refuses new tasks with a reason, lets the accepted ones end and be stopped, and recovers by itself',
    async () => {
      const path = disk?.path ?? '';
      const outside = await makeSharedFolder('meanwhile-fault-');
      const ledger = join(outside, 'executions.jsonl');
      await makeSharedFile(ledger);
      const server = await startServer({ dataDir: join(path, 'data'), env: { MEANWHILE_LOG_LEVEL: 'warn' } });
      await deployLedger(server.host, { ledger, retryCountMax: 0 });
      expect((await submit(server, 'before', 2_000)).status).toBe(202);
      expect((await submit(server, 'stopped', 60_000)).status).toBe(202);

      await until('both run', () => readLedger(ledger).length >= 2);

      await fill(join(path, 'ballast'));
      const refused = await until('a task is refused', async () => {
        const answer = await submit(server, `late-${Math.random().toString(36).slice(2)}`, 0, 'x'.repeat(100_000));
        return answer.status === 202 ? undefined : answer;
      });
      expect(wireError(refused)).toMatchObject({ status: 503, code: 'ResourceThrottled' });
      expect(wireError(refused).message).toContain('the disk');
      await until('health is red', async () => (await health(server)).status === 503);
      expect((await health(server)).text).toContain('the disk');

      const client = new RawClient({ host: server.host });
      const stopped = await client.send({
        method: 'PUT',
        target: '/2023-03-30/functions/ledger/async-tasks/stopped/stop',
      });
      expect(stopped.status).toBe(204);
      await until('what was accepted has ended', () => allEnded(server.host));

      await rm(join(path, 'ballast'));
      await until('health is green again', async () => (await health(server)).status === 200);
      expect((await submit(server, 'after', 0)).status).toBe(202);
      await until('the last has ended', () => allEnded(server.host));
      const tasks = await listTasks(server.host);
      expect(tasks.get('before')?.status).toBe('Succeeded');
      expect(tasks.get('stopped')?.status).toBe('Stopped');
      expect(tasks.get('after')?.status).toBe('Succeeded');

      await server.stop();
      await rm(outside, { recursive: true });
    },
  );
});

/** Writes until there is no room. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  const block = Buffer.alloc(256 * 1024, 1);
  try {
    for (;;) await file.write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}

describe('a damaged database', () => {
  it('ends a running server with a reason instead of serving from it', async () => {
    const server = await startServer();
    const host = server.host;
    await makeSharedFile(join(server.dataDir, 'ledger.jsonl'));
    await deployLedger(host, { ledger: join(server.dataDir, 'ledger.jsonl'), retryCountMax: 0 });
    await damage(server);
    const accepted: number[] = [];
    const exitCode = await Promise.race([
      server.exit,
      (async () => {
        for (let index = 0; ; index += 1) {
          accepted.push((await submit(server, `t${index}`, 0).catch(() => ({ status: 0 }))).status);
        }
      })(),
    ]);
    expect(exitCode).toBe(1);
    expect(accepted).not.toContain(202);
    expect(server.logs).toMatch(/database/i);
    await expect(startServer({ dataDir: server.dataDir })).rejects.toThrow(/database/i);
  });
});

/** Overwrites the file and its log, as a stray program would. */
async function damage(server: Server): Promise<void> {
  for (const name of readdirSync(server.dataDir).filter(
    (file) => /\.db(-wal)?$/.test(file) && !file.includes('lock'),
  )) {
    const file = await open(join(server.dataDir, name), 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.alloc(Math.max(size, 4_096), 0xaa), 0, undefined, 0);
    await file.close();
  }
}
