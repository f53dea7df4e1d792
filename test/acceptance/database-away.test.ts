import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createTaskFunction, submit, untilTask } from '../support/functions.ts';
import { PostgresCluster } from '../support/postgres-cluster.ts';
import { SdkClient } from '../support/sdk.ts';
import { endServers, startServer } from '../support/server.ts';
import { makeSharedFolder } from '../support/shared-folder.ts';
import { until } from '../support/until.ts';
import { WireLog } from '../support/wire-log.ts';

const cluster = await PostgresCluster.create();
const folder = await makeSharedFolder('meanwhile-away-');
const env = { MEANWHILE_STORE: cluster.url, MEANWHILE_LEASE_SECONDS: '5' };

afterAll(async () => {
  await endServers();
  await cluster.remove();
  await rm(folder, { recursive: true });
});

test('a node whose database is gone ends within its grace, with 0, and what it ran is run again when it is back', async () => {
  await cluster.start();
  const server = await startServer({ env });
  const sdk = new SdkClient({ host: server.host }, new WireLog());
  const functionName = await createTaskFunction(sdk, { timeout: 60 });
  const [gate, started] = [join(folder, 'gate'), join(folder, 'started')];
  const taskId = await submit(sdk, functionName, { script: { touch: started, waitFor: gate, reply: 'again' } });
  await until('the function runs', () => access(started).then(() => true));
  await cluster.end('immediate');
  await server.stop();
  expect(server.logs).toContain('the lease could not be ended');

  await cluster.start();
  await writeFile(gate, '');
  const next = await startServer({ env });
  const again = new SdkClient({ host: next.host }, new WireLog());
  const task = await untilTask(again, { functionName, taskId, status: 'Succeeded' });
  expect(task.returnPayload).toBe('again');
  await next.stop();
});
