import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../telemetry/logger.ts';
import { ITSELF } from './process/itself.fixture.ts';
import { probeLauncher } from './process/parent-death.ts';
import { spawnSupervised } from './process/supervised-process.ts';
import { findPython } from './python/python-runtime.ts';
import { openBench, processesOf, resultText, specOf, testFolder, zipOf } from './runtime.fixture.ts';

describe('a new runtime', () => {
  test('has ended the processes and removed the temp folders of a former life', async () => {
    const folder = await testFolder();
    const dataFolderId = basename(folder);
    const { wrap } = await probeLauncher();
    const launch = { command: wrap(['/bin/sleep', '300']), cwd: '/' };
    const left = await spawnSupervised({ launch, environment: {}, instanceId: 'i-old', dataFolderId, view: ITSELF });
    await mkdir(join(folder, 'temp/i-old'), { recursive: true });
    await writeFile(join(folder, 'temp/i-old/note'), 'note');
    await openBench({ tempFolder: join(folder, 'temp'), cacheFolder: join(folder, 'code'), dataFolderId });
    expect(processesOf(dataFolderId)).toEqual([]);
    expect(await readdir(join(folder, 'temp'))).toEqual([]);
    await left.end();
  });

  test('names the runtimes that functions can have here', async () => {
    const { runtime } = await openBench();
    const pythons = (await findPython()) ? ['python3', 'python3.9', 'python3.10', 'python3.12'] : [];
    const customs = ['custom', 'custom.debian10', 'custom.debian11', 'custom.debian12', 'go1'];
    expect(runtime.runtimes).toEqual(['nodejs18', 'nodejs20', 'nodejs22', 'nodejs24', ...pythons, ...customs, 'http']);
  });

  test('says once for each runtime that it runs on another version of Node.js', async () => {
    const warnings: string[] = [];
    const warn = (fields: object): void => void warnings.push(JSON.stringify(fields));
    const { run, spec } = await openBench({ logger: { ...silentLogger, warn } });
    for (const runtime of ['nodejs18', 'nodejs18', 'nodejs24']) await run(await spec('echo.js', { runtime }));
    const versions = warnings.filter((text) => text.includes('nodejs'));
    expect(versions).toEqual([`{"runtime":"nodejs18","node":"${process.version}"}`]);
  });
});

describe('a function', () => {
  test('is loaded as if nothing lay above its package: neither a package.json nor packages', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await mkdir(join(folder, 'node_modules/outside'), { recursive: true });
    await writeFile(join(folder, 'node_modules/outside/index.js'), 'module.exports = 1;');
    const { run, runtime } = await openBench({ cacheFolder: join(folder, 'data/code') });
    const files = {
      'index.js': `exports.handler = async () => {
        try { require('outside'); return 'found'; } catch (error) { return require('inside') + error.code; }
      };`,
      'node_modules/inside/index.js': "module.exports = 'inside, ';",
    };
    const admitted = await runtime.admitPackage(await zipOf(files));
    if ('problem' in admitted) throw new Error(admitted.problem);
    expect(resultText(await run(specOf({ code: admitted.package })))).toBe('inside, MODULE_NOT_FOUND');
  });

  test('runs as soon as its package is admitted, without its being stored', async () => {
    const { run, runtime } = await openBench();
    const admitted = await runtime.admitPackage(await zipOf({ 'index.js': 'exports.handler = async () => "hi";' }));
    if ('problem' in admitted) throw new Error(admitted.problem);
    expect(resultText(await run(specOf({ code: admitted.package })))).toBe('hi');
  });

  test('whose package is gone has no instance, with the reason', async () => {
    const { run } = await openBench();
    const { outcome } = await run(specOf({ code: { sha256: 'f'.repeat(64), sizeBytes: 1, checksum: '' } }));
    expect(outcome).toEqual({
      kind: 'no-instance',
      reason: `no process could be started: code package ${'f'.repeat(64)} is not stored`,
    });
  });

  test('uses an instance of another function as little as its temp folder', async () => {
    const { run, spec } = await openBench();
    const [first, second] = [await spec('temp-file.js'), await spec('temp-file.js')];
    const [a, b] = [await run(first), await run(second)];
    expect(b.instanceId).not.toBe(a.instanceId);
    expect(existsSync(resultText(a)) && resultText(a) !== resultText(b)).toBe(true);
  });
});

test('closing waits for executions under way no longer than its grace, and reports them as interrupted', async () => {
  const { acquire, runtime, spec } = await openBench();
  const lease = await acquire(await spec('sleeps.js'));
  const payload = Buffer.from('60000');
  const call = {
    requestId: 'r-1',
    payload,
    payloadForm: 'event',
    qualifier: 'LATEST',
    retryCount: 0,
    taskId: null,
  } as const;
  const running = lease.invoke(call, new AbortController().signal);
  await runtime.pool.close(1_000);
  expect((await running).outcome).toEqual({ kind: 'interrupted' });
});
