import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetFunctionRequest,
  ListInstancesRequest,
  PutConcurrencyConfigRequest,
  PutConcurrencyInput,
  StopAsyncTaskRequest,
} from '@alicloud/fc20230330';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTaskFunction, getTask, runTask, submit, uniqueName, untilTask } from '../support/functions.ts';
import { startNodes, type Nodes } from '../support/nodes.ts';
import { refusalOf, SdkClient } from '../support/sdk.ts';
import { makeSharedFile, makeSharedFolder } from '../support/shared-folder.ts';
import { until } from '../support/until.ts';
import { WireLog } from '../support/wire-log.ts';

const PLACES = [0, 1, 2] as const;
const log = new WireLog();

let nodes: Nodes;
let folder: string;

beforeAll(async () => {
  folder = await makeSharedFolder('meanwhile-nodes-');
  nodes = await startNodes(PLACES.length);
});
afterAll(async () => {
  try {
    await nodes.stop();
  } finally {
    await rm(folder, { recursive: true });
  }
});

const sdkOf = (place: number): SdkClient => new SdkClient({ host: nodes.at(place).host }, log);
const file = (prefix: string): string => join(folder, uniqueName(prefix));

/** A task that runs until its gate is opened; resolves once its code is running. */
async function submitRunning(place: number, functionName: string): Promise<{ taskId: string; gate: string }> {
  const [gate, started] = [file('gate'), file('started')];
  const taskId = await submit(sdkOf(place), functionName, { script: { touch: started, waitFor: gate, reply: 'done' } });
  await until('the function runs', () => existsSync(started));
  return { taskId, gate };
}

async function limit(functionName: string, reservedConcurrency: number): Promise<void> {
  const body = new PutConcurrencyInput({ reservedConcurrency });
  await sdkOf(0).putConcurrencyConfig(functionName, new PutConcurrencyConfigRequest({ body }));
}

describe('three servers that started at once on an empty database', () => {
  test('know the same key pair, functions and tasks right after they were acknowledged', async () => {
    for (const place of PLACES) {
      const functionName = await createTaskFunction(sdkOf(place));
      const elsewhere = PLACES.filter((other) => other !== place);
      for (const other of elsewhere) await sdkOf(other).getFunction(functionName, new GetFunctionRequest({}));
      const taskId = await submit(sdkOf(place), functionName, { taskId: uniqueName('t'), script: { reply: 'hello' } });
      for (const other of elsewhere) {
        expect((await getTask(sdkOf(other), functionName, taskId)).taskId).toBe(taskId);
        const again = submit(sdkOf(other), functionName, { taskId, script: { reply: 'another' } });
        expect(await refusalOf(again)).toMatchObject({ code: 'AsyncTaskAlreadyExists', status: 409 });
      }
      const [other = 0] = elsewhere;
      expect(await untilTask(sdkOf(other), { functionName, taskId, status: 'Succeeded' })).toMatchObject({
        returnPayload: 'hello',
      });
    }
  });

  test('say who they are', async () => {
    const bodies = await Promise.all(
      nodes.servers.map(async ({ url }) => (await (await fetch(`${url}/healthz`)).json()) as { node: { id: string } }),
    );
    expect(bodies).toMatchObject(bodies.map(() => ({ status: 'ok', node: { store: 'postgres', role: 'shared' } })));
    expect(new Set(bodies.map(({ node }) => node.id)).size).toBe(3);
    const metrics = await (await fetch(`${nodes.at(0).url}/metrics`)).text();
    expect(metrics).toContain('\nmeanwhile_nodes 3\n');
  });

  test('stop a task wherever it runs', async () => {
    const functionName = await createTaskFunction(sdkOf(0));
    for (const place of PLACES) {
      const { taskId } = await submitRunning(place, functionName);
      const elsewhere = (place + 1) % PLACES.length;
      await sdkOf(elsewhere).stopAsyncTask(functionName, taskId, new StopAsyncTaskRequest({}));
      const { events = [] } = await untilTask(sdkOf(elsewhere), { functionName, taskId, status: 'Stopped' });
      const [stopping, stopped] = events.slice(-2);
      // By one clock or another of this machine; a second is what a stop may take to reach a node that missed its signal.
      expect((stopped?.timestamp ?? Infinity) - (stopping?.timestamp ?? 0)).toBeLessThan(1_500);
    }
  });

  test('keep a function within its limit, all of them together', async () => {
    const functionName = await createTaskFunction(sdkOf(0));
    await limit(functionName, 2);
    const ledger = file('ledger');
    await makeSharedFile(ledger);
    const script = { ledger };
    const taskIds = await Promise.all(
      Array.from({ length: 18 }, (_, index) => submit(sdkOf(index % PLACES.length), functionName, { script })),
    );
    await Promise.all(taskIds.map((taskId) => untilTask(sdkOf(0), { functionName, taskId, status: 'Succeeded' })));
    const marks = await readFile(ledger, 'utf8');
    expect(marks).toHaveLength(2 * taskIds.length);
    // Whether two ever run at once is the pools' choice: one may send both to the same instance.
    expect(mostAtOnce(marks)).toBeLessThanOrEqual(2);
  });

  test('refuse a synchronous call at the limit that another one reaches', async () => {
    const functionName = await createTaskFunction(sdkOf(0));
    await limit(functionName, 1);
    const { taskId, gate } = await submitRunning(0, functionName);
    for (const place of PLACES) {
      expect(await refusalOf(sdkOf(place).invoke(functionName, { payload: '{}' }))).toMatchObject({
        code: 'ResourceExhausted',
        status: 429,
      });
    }
    await writeFile(gate, '');
    await untilTask(sdkOf(1), { functionName, taskId, status: 'Succeeded' });
    expect((await sdkOf(2).invoke(functionName, { payload: '{"reply":1}' })).body.toString()).toBe('1');
    expect((await sdkOf(1).invoke(functionName, { payload: '{"reply":2}' })).body.toString()).toBe('2');
  });

  test('list the instances of all', async () => {
    const functionName = await createTaskFunction(sdkOf(0));
    const running = [await submitRunning(0, functionName), await submitRunning(1, functionName)];
    for (const place of PLACES) {
      await until('both instances are listed', async () => {
        const { body } = await sdkOf(place).listInstances(functionName, new ListInstancesRequest({}));
        return body?.instances?.length === 2;
      });
    }
    await Promise.all(running.map(({ gate }) => writeFile(gate, '')));
  });

  test('go on while one after the other is replaced', async () => {
    const functionName = await createTaskFunction(sdkOf(0));
    const taskIds: string[] = [];
    for (const place of PLACES) {
      const { taskId, gate } = await submitRunning(place, functionName);
      const delayed = await submit(sdkOf(place), functionName, {
        script: { reply: 'later' },
        headers: { 'x-fc-async-delay': '2' },
      });
      taskIds.push(taskId, delayed);
      const restarted = nodes.restart(place);
      await runTask(sdkOf((place + 1) % PLACES.length), functionName, { script: { reply: 'meanwhile' } });
      await writeFile(gate, '');
      await restarted;
    }
    for (const taskId of taskIds) await untilTask(sdkOf(0), { functionName, taskId, status: 'Succeeded' });
  });
});

/** Of a ledger with a `+` for each execution that begins and a `-` for each that ends. */
function mostAtOnce(ledger: string): number {
  let running = 0;
  let most = 0;
  for (const mark of ledger) {
    running += mark === '+' ? 1 : -1;
    most = Math.max(most, running);
  }
  return most;
}
