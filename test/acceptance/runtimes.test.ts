import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StopAsyncTaskRequest } from '@alicloud/fc20230330';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBubblewrap } from '../support/bubblewrap.ts';
import { zipOf } from '../support/code-package.ts';
import { createFunction, putAsyncConfig, submit, untilTask } from '../support/functions.ts';
import { startServer } from '../support/server.ts';
import { makeSharedFolder } from '../support/shared-folder.ts';
import { until } from '../support/until.ts';
import { Bench, useServer } from './use-server.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/functions');

const bench = useServer();

let folder: string;
beforeAll(async () => {
  folder = await makeSharedFolder('runtimes-');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fixture = (path: string): string => readFileSync(join(FIXTURES, path), 'utf8');

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasPython = works('python3', ['--version']);

/** A function whose tasks are kept, of these files. */
async function deploy(
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>>,
  sdk = bench.sdk(),
): Promise<string> {
  const zipFile = (await zipOf(files)).toString('base64');
  const functionName = await createFunction(sdk, { timeout: 30, more: { code: { zipFile }, ...more } });
  await putAsyncConfig(sdk, functionName);
  return functionName;
}

function deployServer(environmentVariables: Readonly<Record<string, string>> = {}, sdk = bench.sdk()): Promise<string> {
  const more = {
    runtime: 'custom.debian10',
    instanceConcurrency: 10,
    customRuntimeConfig: { command: ['node'], args: ['/code/server.js'], port: 9000 },
    environmentVariables,
  };
  return deploy({ 'server.js': fixture('custom/server.js') }, more, sdk);
}

/** A place for invocations to meet: each says that it runs, and all answer once the gate is open. */
function meetingPlace(name: string) {
  const gate = join(folder, `${name}-gate`);
  return {
    script: (index: number) => ({ do: 'wait', started: join(folder, `${name}-started-${index}`), gate }),
    untilStarted: (count: number) =>
      until(`${count} of ${name} run`, async () => {
        const names = await readdir(folder);
        return names.filter((file) => file.startsWith(`${name}-started-`)).length >= count;
      }),
    open: () => writeFileSync(gate, ''),
  };
}

describe.skipIf(!hasPython)('a python function', () => {
  test.each(['python3', 'python3.9', 'python3.10', 'python3.12'])('of %s runs', async (runtime) => {
    const functionName = await deploy({ 'index.py': fixture('python/results.py') }, { runtime });
    const { body, headers } = await bench.sdk().invoke(functionName, { payload: 'object' });
    expect(body.toString()).toBe('{\n    "a": 1,\n    "b": [\n        "x"\n    ]\n}');
    expect(headers).not.toHaveProperty('x-fc-error-type');
  });

  test('that raises answers with the document of the service, and fails its task', async () => {
    const functionName = await deploy({ 'index.py': fixture('python/errors.py') }, { runtime: 'python3' });
    const { body, headers } = await bench.sdk().invoke(functionName, { payload: 'divides', logType: 'Tail' });
    expect(headers['x-fc-error-type']).toBe('UnhandledInvocationError');
    expect(JSON.parse(body.toString())).toMatchObject({
      errorMessage: 'division by zero',
      errorType: 'ZeroDivisionError',
      stackTrace: [
        [expect.stringContaining('index.py"'), 'line 36', 'in handler', expect.any(String)],
        expect.any(Array),
      ],
    });
    expect(Buffer.from(headers['x-fc-log-result'] ?? '', 'base64').toString()).toContain('[ERROR] {');

    const taskId = await submit(bench.sdk(), functionName, { payload: 'divides' });
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Failed' });
    expect(task.returnPayload).toContain('division by zero');
  });

  test('that is stopped or too slow leaves no process', async () => {
    const functionName = await deploy({ 'index.py': fixture('python/loops.py') }, { runtime: 'python3', timeout: 1 });
    const { body, headers } = await bench.sdk().invoke(functionName, { payload: '', logType: 'Tail' });
    expect(body.toString()).toMatch(/Function timed out after 1 seconds/);
    const log = Buffer.from(headers['x-fc-log-result'] ?? '', 'base64').toString();
    expect(log).toContain('Dumping stack trace after function timeout');
  });
});

describe('a server of its own', () => {
  test('answers synchronous and asynchronous invocations', async () => {
    const functionName = await deployServer();
    const payload = JSON.stringify({ do: 'echo', text: 'grüß dich' });
    expect((await bench.sdk().invoke(functionName, { payload })).body.toString()).toBe('grüß dich');
    const taskId = await submit(bench.sdk(), functionName, { payload });
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
    expect(task.returnPayload).toBe('grüß dich');
  });

  test('says by x-fc-status that it failed', async () => {
    const functionName = await deployServer();
    const fail = JSON.stringify({ do: 'status', status: 404, fcStatus: '404' });
    const { status, headers, body } = await bench.sdk().invoke(functionName, { payload: fail });
    expect([status, headers['x-fc-error-type']]).toEqual([200, 'UnhandledInvocationError']);
    expect(body.toString()).toBe('{"errorMessage":"as asked"}');
    const taskId = await submit(bench.sdk(), functionName, { payload: fail });
    const task = await untilTask(bench.sdk(), { functionName, taskId, status: 'Failed' });
    expect(task.returnPayload).toBe('{"errorMessage":"as asked"}');
  });

  test.skipIf(!hasBubblewrap())(
    'that insists on port 9000 runs on two instances at once in private networks',
    async () => {
      const other = new Bench();
      other.server = await startServer({
        env: { MEANWHILE_ISOLATION: 'require', MEANWHILE_FUNCTION_NETWORK: 'private' },
      });
      const sdk = other.sdk();
      const functionName = await deployServer({ FIXED_PORT: '9000' }, sdk);
      // One more than fits into an instance, and none is answered.
      const payload = JSON.stringify({ do: 'hang' });
      const taskIds = await Promise.all(Array.from({ length: 11 }, () => submit(sdk, functionName, { payload })));
      const running = taskIds.map((taskId) => untilTask(sdk, { functionName, taskId, status: 'Running' }));
      const instances = (await Promise.all(running)).map(({ instanceId }) => instanceId);
      expect(new Set(instances).size).toBe(2);
      await other.server.stop();
    },
  );

  test('loses its other executions when one is stopped: they run again, and that is no retry', async () => {
    const sdk = bench.sdk();
    const functionName = await deployServer();
    const place = meetingPlace('neighbours');
    const submitted = await Promise.all(
      [0, 1].map((index) => submit(sdk, functionName, { payload: JSON.stringify(place.script(index)) })),
    );
    const [stopped = '', neighbour = ''] = submitted;
    await place.untilStarted(2);
    const instances = await Promise.all(
      submitted.map(async (taskId) => (await untilTask(sdk, { functionName, taskId, status: 'Running' })).instanceId),
    );
    await sdk.stopAsyncTask(functionName, stopped, new StopAsyncTaskRequest({}));
    await untilTask(sdk, { functionName, taskId: stopped, status: 'Stopped' });
    place.open();
    const task = await untilTask(sdk, { functionName, taskId: neighbour, status: 'Succeeded' });
    expect(task.alreadyRetriedTimes).toBe(0);
    // Two cores may have been worth two instances; then the neighbour was never disturbed.
    expect(task.instanceId === instances[1]).toBe(instances[0] !== instances[1]);
  });

  test('that does not come up shows why', async () => {
    const functionName = await deploy(
      { 'server.js': 'throw new Error("no database");' },
      { runtime: 'custom', customRuntimeConfig: { command: ['node', 'server.js'] } },
    );
    const { headers, body } = await bench.sdk().invoke(functionName, { payload: '' });
    expect(headers['x-fc-error-type']).toBe('InitializationError');
    expect(JSON.parse(body.toString())).toMatchObject({
      errorType: 'CAExited',
      errorMessage: expect.stringMatching(
        /exited unexpectedly \(code 1\) with start command 'node server.js'.*no database/s,
      ),
    });
  });

  test.skipIf(!hasPython)('may be written in Python', async () => {
    const functionName = await deploy(
      { 'server.py': fixture('custom/server.py') },
      {
        runtime: 'custom.debian12',
        instanceConcurrency: 10,
        customRuntimeConfig: { command: ['python3', 'server.py'], port: 9000 },
      },
    );
    expect((await bench.sdk().invoke(functionName, { payload: 'now' })).body.toString()).toMatch(
      /^\/invoke now by \d+$/,
    );
    const taskId = await submit(bench.sdk(), functionName, { payload: 'later' });
    const { returnPayload } = await untilTask(bench.sdk(), { functionName, taskId, status: 'Succeeded' });
    expect(returnPayload).toMatch(/^\/invoke later by \d+$/);
  });
});

test.skipIf(!hasPython)('servers and pythons do not outlive a server that is killed', async () => {
  const other = new Bench();
  other.server = await startServer();
  const sdk = other.sdk();
  const place = meetingPlace('killed');
  const serverName = await deployServer({}, sdk);
  await submit(sdk, serverName, { payload: JSON.stringify(place.script(0)) });
  const loops = { 'index.py': fixture('python/loops.py') };
  const pythonName = await deploy(loops, { runtime: 'python3' }, sdk);
  const taskId = await submit(sdk, pythonName, { payload: '' });
  await untilTask(sdk, { functionName: pythonName, taskId, status: 'Running' });
  await place.untilStarted(1);
  // Rejects when a process of it lives on.
  await other.server.kill();
});

test('a runtime that is not offered is refused with those that are', async () => {
  await expect(deploy({ 'index.js': '' }, { runtime: 'java11' })).rejects.toThrow(
    /allowed: .*nodejs20.*custom.*java11/,
  );
});

/** Starts a server in a mount namespace in which `bwrap` is no program any more. */
const HIDE_BUBBLEWRAP = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount --bind /dev/null "$(command -v bwrap)" && exec "$@"',
  'sh',
];
const canHide = works('unshare', [...HIDE_BUBBLEWRAP.slice(1), 'true']);

test.skipIf(hasBubblewrap() && !canHide)(
  'a server that requires bubblewrap does not start without it, and says what to do',
  async () => {
    const under = hasBubblewrap() ? HIDE_BUBBLEWRAP : [];
    await expect(startServer({ env: { MEANWHILE_ISOLATION: 'require' }, under })).rejects.toThrow(
      /ended with 1 .*the isolation \"require\" cannot be had: .*apt install bubblewrap.*set `isolation` to `auto`/s,
    );
    const other = new Bench();
    other.server = await startServer({ env: { MEANWHILE_ISOLATION: 'auto' }, under });
    const health = (await (await fetch(`${other.server.url}/healthz`)).json()) as { isolation: { tier: string } };
    expect(health.isolation.tier).toBe('process');
    await other.server.stop();
  },
);
