import { rm } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { taskIn } from '../../core/task.fixture.ts';
import { bytesOf } from '../conformance/workbench.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { makeFolder, SMALL } from './temporary-store.fixture.ts';

it('takes no task from a node because the wall clock jumped', async () => {
  const folder = await makeFolder();
  let nowMs = Date.now();
  const store = await openSqliteStore({ ...SMALL, folder, now: () => nowMs });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await store.renewLease('node-1', 30_000);
  await store.accept([{ task: taskIn('Running', { owner: 'node-1' }), payload: bytesOf('x') }]);
  nowMs += 86_400_000;
  expect(await store.findLapsed(5)).toEqual([]);
  await store.endLease('node-1');
  expect(await store.findLapsed(5)).toHaveLength(1);
});
