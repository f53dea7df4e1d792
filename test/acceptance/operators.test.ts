import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runMeanwhile, spawnMeanwhile } from '../support/command.ts';
import { createTaskFunction, getTask, runTask, submit, uniqueName, untilTask } from '../support/functions.ts';
import { jsonOf, RawClient } from '../support/raw-client.ts';
import { SdkClient } from '../support/sdk.ts';
import { type KeyPair, OPERATOR, type Server, startServer } from '../support/server.ts';
import { makeSharedFolder } from '../support/shared-folder.ts';
import { until } from '../support/until.ts';
import { WireLog } from '../support/wire-log.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

const AS_OPERATOR = {
  MEANWHILE_ACCESS_KEY_ID: OPERATOR.accessKeyId,
  MEANWHILE_ACCESS_KEY_SECRET: OPERATOR.accessKeySecret,
};

function clientOf({ host }: Server, keyPair?: KeyPair): SdkClient {
  return new SdkClient({ host, ...(keyPair && { keyPair }) }, new WireLog());
}

let folder: string;
beforeAll(async () => {
  folder = await makeSharedFolder('meanwhile-operators-');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('the ready line', () => {
  test('is the only thing on standard output, and names the URL', () => {
    expect(bench.server.stdout.trim().split('\n')).toHaveLength(1);
    expect(bench.server.stdout).toContain(bench.server.url);
  });
});

describe('GET /healthz', () => {
  test('is open to all and says that all is well, and how functions are isolated', async () => {
    const answer = await bench.raw().sendUnsigned('GET', '/healthz');
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toEqual({
      status: 'ok',
      node: { id: expect.any(String), store: expect.any(String), role: expect.stringMatching(/^(alone|shared)$/) },
      isolation: { tier: expect.stringMatching(/^(bubblewrap|process)$/), gaps: expect.any(Array) },
    });
    expect(answer.headers).toHaveProperty('x-fc-request-id');
  });

  test('is for reading only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await bench.raw().sendUnsigned(method, '/healthz')).status).toBe(400);
    }
  });
});

describe('GET /metrics', () => {
  test('counts what was done, by function', async () => {
    const sdk = bench.sdk();
    const functionName = await createTaskFunction(sdk);
    await runTask(sdk, functionName);
    const text = await until('the task is counted', async () => {
      const { status, headers, body } = await bench.raw().sendUnsigned('GET', '/metrics');
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^text\/plain; version=/);
      return body.toString().includes(functionName) && body.toString();
    });
    expect(text).toMatch(/^# HELP meanwhile_/m);
    const ours = text.split('\n').filter((line) => line.includes(functionName));
    expect(ours.some((line) => line.endsWith(' 1'))).toBe(true);
    expect(text).not.toContain(OPERATOR.accessKeySecret);
  });
});

describe('meanwhile keys', () => {
  const keys = (...args: readonly string[]) => runMeanwhile(['keys', ...args, '--url', bench.server.url], AS_OPERATOR);

  test('makes a pair that works, and shows it in words as well', async () => {
    const { exitCode, stdout } = await keys('create');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\S{16,}/);
  });

  test('says what to do when there is no such key or no server', async () => {
    const missing = await keys('delete', 'NO-SUCH-KEY');
    expect([missing.exitCode, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('NO-SUCH-KEY');
    const nobody = await runMeanwhile(['keys', 'list', '--url', 'http://127.0.0.1:1'], AS_OPERATOR);
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stderr).toContain('meanwhile serve');
  });

  test('is refused with a wrong secret', async () => {
    const wrong = { ...AS_OPERATOR, MEANWHILE_ACCESS_KEY_SECRET: 'wrong' };
    const { exitCode, stderr } = await runMeanwhile(['keys', 'list', '--url', bench.server.url], wrong);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('SignatureNotMatch');
  });
});

describe('the command line', () => {
  test('explains itself', async () => {
    const help = await runMeanwhile(['--help'], {});
    expect(help.exitCode).toBe(0);
    for (const command of ['serve', 'keys', 'version']) expect(help.stdout).toContain(command);
    const { exitCode, stdout } = await runMeanwhile(['version'], {});
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\d+\.\d+\.\d+/)]);
  });

  test('ends with 2 for what it does not know', async () => {
    for (const args of [['dance'], ['serve', '--no-such-flag'], ['keys', 'burn']]) {
      const { exitCode, stderr } = await runMeanwhile(args, {});
      expect(exitCode, args.join(' ')).toBe(2);
      expect(stderr).not.toBe('');
    }
  });

  test('refuses bad settings all at once, and never shows a secret', async () => {
    const { exitCode, stderr } = await runMeanwhile(['serve', '--retention-days', 'many'], {
      MEANWHILE_LISTEN: 'everywhere',
      MEANWHILE_STORE: 'postgres:/user:hunter2@host/db',
      MEANWHILE_ACCESS_KEY_SECRET: 'only-a-secret',
    });
    expect(exitCode).not.toBe(0);
    for (const part of ['many', 'everywhere', 'MEANWHILE_STORE', 'MEANWHILE_ACCESS_KEY_ID']) {
      expect(stderr).toContain(part);
    }
    expect(stderr).not.toContain('only-a-secret');
    expect(stderr).not.toContain('hunter2');
  });

  test('refuses to serve other machines without a key pair of the operator', async () => {
    const dataDir = join(folder, 'open');
    const { exitCode, stderr } = await runMeanwhile(['serve', '--listen', '0.0.0.0:0', '--data-dir', dataDir], {});
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/access-key|ACCESS_KEY|accessKey/);
  });
});

describe('a server', () => {
  test('without a key pair makes one, shows it once and keeps it for itself', async () => {
    const dataDir = join(folder, 'first-start');
    const noPair = { MEANWHILE_ACCESS_KEY_ID: '', MEANWHILE_ACCESS_KEY_SECRET: '' };
    const child = spawnMeanwhile(['serve', '--json'], {
      MEANWHILE_LISTEN: '127.0.0.1:0',
      MEANWHILE_DATA_DIR: dataDir,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const { url } = await until(
      'the server is ready',
      () => stdout.includes('\n') && (JSON.parse(stdout) as { url: string }),
    );
    const file = join(dataDir, 'credentials.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const pair = JSON.parse(await readFile(file, 'utf8')) as KeyPair;
    await until('the pair is shown', () => stderr.includes(pair.accessKeySecret));
    const { host } = new URL(url);
    expect((await new RawClient({ host, keyPair: pair }).send({ target: '/2023-03-30/functions' })).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);

    const again = await startServer({ dataDir, env: noPair });
    expect(again.logs).not.toContain(pair.accessKeySecret);
    const answer = await new RawClient({ host: again.host, keyPair: pair }).send({ target: '/2023-03-30/functions' });
    expect(answer.status).toBe(200);
    await again.stop();
  });

  test('does not start on a folder that another one uses', async () => {
    const { exitCode, stderr } = await runMeanwhile(['serve', '--listen', '127.0.0.1:0'], {
      MEANWHILE_DATA_DIR: bench.server.dataDir,
    });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(bench.server.dataDir);
    expect((await bench.raw().sendUnsigned('GET', '/healthz')).status).toBe(200);
  });

  test('runs CommonJS functions though its data folder is in a project of ES modules', async () => {
    const project = join(folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{"type":"module"}');
    const server = await startServer({ dataDir: join(project, 'data') });
    const functionName = await createTaskFunction(clientOf(server));
    const { body } = await clientOf(server).invoke(functionName, { payload: '{"reply":"ran"}' });
    expect(body.toString()).toBe('ran');
    await server.stop();
  });

  test('lets what runs end before it ends on SIGTERM, and gives the rest back', async () => {
    const env = { MEANWHILE_STOP_GRACE_SECONDS: '10' };
    const server = await startServer({ env });
    const sdk = clientOf(server);
    const functionName = await createTaskFunction(sdk, { timeout: 60 });
    const [gate, started] = [join(folder, uniqueName('gate')), join(folder, uniqueName('started'))];
    const running = await submit(sdk, functionName, { script: { touch: started, waitFor: gate, reply: 'whole' } });
    const delayed = await submit(sdk, functionName, { headers: { 'x-fc-async-delay': '1' } });
    await untilTask(sdk, { functionName, taskId: running, status: 'Running' });
    await until('the function runs', () => stat(started).then(Boolean));
    const ended = server.stop();
    await until('no request is taken', () =>
      fetch(`${server.url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    await writeFile(gate, '');
    await ended;

    const next = await startServer({ env, dataDir: server.dataDir });
    const nextSdk = clientOf(next);
    const done = await getTask(nextSdk, functionName, running);
    expect([done.status, done.returnPayload]).toEqual(['Succeeded', 'whole']);
    expect(done.events?.filter(({ status }) => status === 'Running')).toHaveLength(1);
    await untilTask(nextSdk, { functionName, taskId: delayed, status: 'Succeeded' });
    await next.stop();
  });

  test('ends within its grace though a function does not, and runs it again after the next start', async () => {
    const server = await startServer({ env: { MEANWHILE_STOP_GRACE_SECONDS: '0' } });
    const sdk = clientOf(server);
    const functionName = await createTaskFunction(sdk, { timeout: 60 });
    const [gate, started] = [join(folder, uniqueName('gate')), join(folder, uniqueName('started'))];
    const taskId = await submit(sdk, functionName, { script: { touch: started, waitFor: gate, reply: 'again' } });
    await until('the function runs', () => stat(started).then(Boolean));
    await server.stop();
    await writeFile(gate, '');
    const next = await startServer({ dataDir: server.dataDir });
    const task = await untilTask(clientOf(next), { functionName, taskId, status: 'Succeeded' });
    expect(task.alreadyRetriedTimes).toBe(0);
    expect(task.events?.filter(({ status }) => status === 'Running')).toHaveLength(2);
    await next.stop();
  });
});

test('no secret and no payload is in the log', async () => {
  const sdk = bench.sdk();
  const functionName = await createTaskFunction(sdk, { more: { environmentVariables: { PASSWORD: 'env-canary' } } });
  await runTask(sdk, functionName, { script: { reply: 'payload-canary' } });
  for (const canary of [OPERATOR.accessKeySecret, 'env-canary', 'payload-canary', 'ACS3-HMAC-SHA256 Credential']) {
    expect(bench.server.logs).not.toContain(canary);
  }
});
