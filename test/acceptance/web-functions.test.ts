import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateFunctionInput, CreateFunctionRequest, InputCodeLocation, type Trigger } from '@alicloud/fc20230330';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundledPackage } from '../support/bundled-package.ts';
import { zipOf } from '../support/code-package.ts';
import { putAsyncConfig, uniqueName, untilTask } from '../support/functions.ts';
import { jsonOf } from '../support/raw-client.ts';
import { makeSharedFolder } from '../support/shared-folder.ts';
import type { Header } from '../support/sign-request.ts';
import { callByHost, callByPath, createTrigger, type TriggerCall } from '../support/triggers.ts';
import { until } from '../support/until.ts';
import { useServer } from './use-server.ts';

/*
 * Web applications as their authors wrote them, behind an HTTP trigger: one on Express, out of a zip with its packages, and
 * one that is to Python what Flask is, on the standard library.
 */

const INSTANCES = 2;
const bench = useServer({ MEANWHILE_INSTANCES_MAX: String(INSTANCES) });

const FIXTURES = join(import.meta.dirname, '../fixtures/functions/acceptance');
const EXPRESS = import.meta.resolve('express');
const CONCURRENCY = 10;

interface Application {
  readonly files: () => Readonly<Record<string, Buffer | string>>;
  readonly command: readonly string[];
}

const APPLICATIONS: readonly (readonly [string, Application])[] = [
  [
    'express',
    {
      files: () => ({ 'index.js': readFileSync(join(FIXTURES, 'express/index.js')), ...bundledPackage(EXPRESS) }),
      command: ['node', 'index.js'],
    },
  ],
  [
    'python',
    {
      files: () => ({ 'server.py': readFileSync(join(FIXTURES, 'flask-like/server.py')) }),
      command: ['python3', 'server.py'],
    },
  ],
];

describe.each(APPLICATIONS)('a web application on %s', (name, { files, command }) => {
  let functionName: string;
  let trigger: Trigger;
  beforeAll(async () => {
    const sdk = bench.sdk();
    functionName = uniqueName(name);
    const zipFile = (await zipOf(files())).toString('base64');
    const body = new CreateFunctionInput({
      functionName,
      runtime: 'custom.debian12',
      handler: 'index.handler',
      timeout: 60,
      instanceConcurrency: CONCURRENCY,
      customRuntimeConfig: { command, port: 9000 },
      code: new InputCodeLocation({ zipFile }),
    });
    await sdk.createFunction(new CreateFunctionRequest({ body }));
    await putAsyncConfig(sdk, functionName, { asyncTask: true, maxAsyncRetryAttempts: 0 });
    trigger = await createTrigger(sdk, functionName);
  });

  const byHost = (call: TriggerCall = {}) => callByHost(bench.server.host, trigger, call);
  const order = (id: string, headers: readonly Header[] = []): TriggerCall => ({
    method: 'POST',
    path: `/orders/${id}?by=test`,
    body: JSON.stringify({ amount: 3 }),
    headers: [['content-type', 'application/json'], ...headers],
  });

  test('is reached by its host and by the path of the API, with the same routes', async () => {
    for (const send of [callByHost, callByPath]) {
      const page = await send(bench.server.host, trigger);
      expect([page.status, page.headers['content-type'], page.body.toString()]).toEqual([
        200,
        'text/html; charset=utf-8',
        '<h1>hello</h1>',
      ]);
    }
    expect((await byHost({ path: '/none' })).status).toBe(404);
  });

  test('parses bodies, sets cookies, redirects and handles its errors', async () => {
    const created = await byHost(order('7'));
    expect([created.status, created.headers['set-cookie']]).toEqual([201, 'seen=7; Path=/']);
    expect(jsonOf(created)).toMatchObject({ id: '7', body: { amount: 3 }, query: { by: 'test' } });
    const moved = await byHost({ path: '/old' });
    expect([moved.status, moved.headers['location']]).toEqual([301, '/']);
    const failed = await byHost({ path: '/fails' });
    expect([failed.status, jsonOf(failed)]).toEqual([500, { error: 'as asked' }]);
  });

  /** What one synchronous or asynchronous request is answered in the end. */
  async function resultOf(invocationType: 'Sync' | 'Async', path: string): Promise<Record<string, unknown>> {
    if (invocationType === 'Sync') return jsonOf(await byHost({ path }));
    const taskId = uniqueName('t');
    const headers: readonly Header[] = [
      ['x-fc-invocation-type', 'Async'],
      ['x-fc-async-task-id', taskId],
    ];
    expect((await byHost({ path, headers })).status).toBe(202);
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
    return JSON.parse(task.returnPayload ?? '') as Record<string, unknown>;
  }

  test.each(['Sync', 'Async'] as const)('answers ten requests at once on each of two instances (%s)', async (type) => {
    const folder = await makeSharedFolder('meanwhile-web-');
    onTestFinished(() => rm(folder, { recursive: true }));
    const count = CONCURRENCY * INSTANCES;
    const path = (id: number) => `/wait?folder=${encodeURIComponent(folder)}&id=${id}`;
    const asked = Promise.all(Array.from({ length: count }, (_, id) => resultOf(type, path(id))));
    // None is answered before all are there.
    const allRun = until(`${count} requests run`, () => readdirSync(folder).length === count);
    await Promise.race([allRun, asked]);
    await writeFile(join(folder, 'gate'), '');
    const pids = (await asked).map(({ pid }) => pid);
    const perInstance = [...new Set(pids)].map((pid) => pids.filter((other) => other === pid).length);
    expect(perInstance).toEqual(Array.from({ length: INSTANCES }, () => CONCURRENCY));
  });

  test('does asynchronous requests later, each as it came', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `order-${number}`);
    await Promise.all(
      ids.map(async (id) => {
        const taskId = uniqueName('t');
        const headers: readonly Header[] = [
          ['x-fc-invocation-type', 'Async'],
          ['x-fc-async-task-id', taskId],
        ];
        expect((await byHost(order(id, headers))).status).toBe(202);
        const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
        expect(JSON.parse(task.returnPayload ?? '')).toMatchObject({ id, body: { amount: 3 }, query: { by: 'test' } });
      }),
    );
    const headers: readonly Header[] = [['x-fc-invocation-type', 'Async']];
    const accepted = await byHost({ path: '/fails', headers });
    const taskId = accepted.headers['x-fc-async-task-id'] ?? '';
    const failed = await untilTask(bench.sdk(), { functionName, taskId, status: 'Failed' });
    expect([failed.returnPayload?.replaceAll(' ', ''), failed.taskErrorMessage]).toEqual([
      '{"error":"asasked"}',
      'UnhandledInvocationError',
    ]);
  });
});
