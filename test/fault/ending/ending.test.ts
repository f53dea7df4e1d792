/** A server that is ending when its disk fails. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import { RawClient } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { readLedger } from '../evidence/ledgers.ts';
import { Life } from '../life.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'bad-disk-preload.ts')).href;
/** Longer than an ending server waits for it, so that something has still to be written. */
const RUN_MS = 5_000;

it('a server whose disk fails while it ends does end, says so, and has lost nothing', async () => {
  const life = await Life.begin({ random: new SeededRandom(1) });
  const file = join(life.folder, 'bad-disk');
  const server = await life.start({
    NODE_OPTIONS: `--import=${PRELOAD}`,
    FAULT_BAD_DISK: file,
    MEANWHILE_LOG_LEVEL: 'info',
  });
  await life.deploy(server);
  const submitted = await new RawClient({ host: server.host }).send({
    method: 'POST',
    target: '/2023-03-30/functions/ledger/invocations',
    headers: [
      ['x-fc-invocation-type', 'Async'],
      ['x-fc-async-task-id', 'long'],
    ],
    body: JSON.stringify({ taskId: 'long', runMs: RUN_MS, failures: 0 }),
  });
  expect(submitted.status).toBe(202);
  await until('it runs', () => readLedger(life.ledger).length > 0);
  server.signal('SIGTERM');
  await until('the server is ending', () => server.logs.includes('ending: running attempts may finish'));
  await writeFile(file, '');
  let end: { readonly code: number | null } | undefined;
  void server.exit.then((code) => (end = { code }));
  await until('it has ended', () => end !== undefined);
  expect(end).toEqual({ code: 1 });
  expect(server.logs).toContain('the server failed while it ended');
  expect((await life.end()).broken).toEqual([]);
});
