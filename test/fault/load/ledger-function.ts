/** The function that writes each of its executions down outside the server, and its tasks as the API shows them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipOf } from '../../support/code-package.ts';
import { jsonOf, RawClient } from '../../support/raw-client.ts';
import type { TaskView } from '../evidence/ledgers.ts';

const SOURCE = join(import.meta.dirname, '../../fixtures/functions/fault/ledger/index.js');
const FUNCTIONS = '/2023-03-30/functions';
const PATH = `${FUNCTIONS}/ledger`;
const SINK = 'acs:fc:local:1000000000000000:functions/sink';

export interface LedgerFunction {
  /** The file that it writes to. */
  readonly ledger: string;
  readonly retryCountMax: number;
}

/** Deploys it, and the destination that is told of its ends. May be repeated after a deployment that was cut short. */
export async function deployLedger(host: string, { ledger, retryCountMax }: LedgerFunction): Promise<void> {
  const client = new RawClient({ host });
  const zipFile = (await zipOf({ 'index.js': await readFile(SOURCE, 'utf8') })).toString('base64');
  const settings = { runtime: 'nodejs24', timeout: 60, environmentVariables: { LEDGER: ledger }, code: { zipFile } };
  const create = (functionName: string, handler: string) =>
    client.sendJson('POST', FUNCTIONS, { ...settings, functionName, handler: `index.${handler}` });
  const destination = { destination: SINK };
  const answers = [
    await create('sink', 'delivered'),
    await create('ledger', 'handler'),
    await client.sendJson('PUT', `${PATH}/async-invoke-config`, {
      asyncTask: true,
      maxAsyncRetryAttempts: retryCountMax,
      destinationConfig: { onSuccess: destination, onFailure: destination },
    }),
  ];
  for (const { status, body } of answers) {
    if (status !== 200 && status !== 409) throw new Error(`not deployed: ${status} ${body.toString('utf8')}`);
  }
}

/** Every task of the function, page by page. Rejects with the answer when it is none of tasks. */
export async function listTasks(host: string): Promise<Map<string, TaskView>> {
  const client = new RawClient({ host });
  const tasks = new Map<string, TaskView>();
  let nextToken = '';
  do {
    const target = `${PATH}/async-tasks?limit=100&includePayload=true&nextToken=${encodeURIComponent(nextToken)}`;
    const response = await client.send({ target });
    if (response.status !== 200) throw new Error(`not listed: ${response.status} ${response.body.toString('utf8')}`);
    const page = jsonOf(response) as { tasks: TaskView[]; nextToken: string };
    for (const task of page.tasks) tasks.set(task.taskId, task);
    nextToken = page.nextToken;
  } while (nextToken !== '');
  return tasks;
}

const OPEN = ['Enqueued', 'Dequeued', 'Running', 'Retrying', 'Stopping'];

export async function allEnded(host: string): Promise<boolean> {
  const client = new RawClient({ host });
  for (const status of OPEN) {
    const page = jsonOf(await client.send({ target: `${PATH}/async-tasks?limit=1&status=${status}` }));
    if ((page['tasks'] as unknown[]).length > 0) return false;
  }
  // One that went on to another state between two of these questions was not seen; an end is for good.
  return [...(await listTasks(host)).values()].every(({ status }) => !OPEN.includes(status));
}
