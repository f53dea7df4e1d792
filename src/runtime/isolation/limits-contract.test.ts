import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCustomBench } from '../custom/custom.fixture.ts';
import { readProcess } from '../process/process-table.ts';
import { errorDocument, openBench, resultText } from '../runtime.fixture.ts';
import { bubblewrapWorks } from './bubblewrap-works.fixture.ts';
import { cgroupLayout } from './cgroup/cgroup-layout.ts';

const ISOLATIONS = (await bubblewrapWorks()) ? (['process', 'require'] as const) : (['process'] as const);

describe.each(ISOLATIONS)('the memory of an instance (%s)', (isolation) => {
  test('outside of the heap counts: it ends as out of memory', async () => {
    const { run, spec } = await openBench({ isolation });
    const execution = await run(await spec('takes-memory.js', { memoryMb: 128 }), { event: 'itself' });
    expect(execution.outcome).toEqual({ kind: 'out-of-memory' });
    expect(execution.maxMemoryMb).toBeGreaterThanOrEqual(128);
    expect(errorDocument(execution).errorMessage).toMatch(/^Function instance ran out of memory/);
  });

  test('of what it started counts as well, and that is ended at least', async () => {
    const { run, spec } = await openBench({ isolation });
    const execution = await run(await spec('takes-memory.js', { memoryMb: 128 }), { event: 'child' });
    if (execution.outcome.kind === 'returned') expect(resultText(execution)).toBe('SIGKILL');
    else expect(execution.outcome).toEqual({ kind: 'out-of-memory' });
  });

  test('of a server of the user’s is limited too', async () => {
    const { ask, server } = await openCustomBench({ isolation });
    const execution = await ask(await server({ memoryMb: 128 }), { do: 'takeMemory' });
    expect(execution.outcome).toEqual({ kind: 'out-of-memory' });
    expect(execution.maxMemoryMb).toBeGreaterThanOrEqual(128);
  });
});

/** Looks come seldom where each takes long. */
const FILL_MAX_MS = 120_000;

describe.each(ISOLATIONS)('the temp folder of an instance (%s)', (isolation) => {
  test.each(['bytes', 'files'])(
    'that is filled without end (%s) ends it, and the log says why',
    async (event) => {
      const { run, spec } = await openBench({ isolation });
      const settings = { memoryMb: 1024, timeoutSeconds: 100, passive: { diskSize: 64 } };
      const fillsDisk = await spec('fills-disk.js', settings);
      const execution = await run(fillsDisk, { event });
      expect(execution.outcome).toMatchObject({ kind: 'exited', signal: 'SIGKILL' });
      expect(execution.logTail).toContain('The instance is ended: its temp folder holds more than 64 MB');
    },
    FILL_MAX_MS,
  );
});

const layout = await Promise.all([
  readFile('/proc/self/cgroup', 'utf8'),
  readFile('/proc/self/mountinfo', 'utf8'),
]).then(
  ([membership, mounts]) => cgroupLayout(membership, mounts),
  () => undefined,
);
const cgroupOf = (dataFolderId: string): string => join(layout?.memory ?? '/nowhere', `meanwhile-${dataFolderId}`);

describe('the cgroups of a server', () => {
  test('are there while an instance lives, where the machine has them, and gone when it is closed', async ({
    skip,
  }) => {
    const dataFolderId = `cgroups-${process.pid}`;
    const { run, runtime, spec } = await openBench({ dataFolderId });
    skip(!existsSync(cgroupOf(dataFolderId)), 'this machine has none for us');
    const { instanceId } = await run(await spec('echo.js'));
    expect(existsSync(join(cgroupOf(dataFolderId), instanceId))).toBe(true);
    await runtime.close(5_000);
    expect(existsSync(cgroupOf(dataFolderId))).toBe(false);
  });

  test('of a former life are removed, with whoever hides in them', async ({ skip }) => {
    const dataFolderId = `leftover-${process.pid}`;
    const first = await openBench({ dataFolderId });
    skip(!existsSync(cgroupOf(dataFolderId)), 'this machine has none for us');
    const left = join(cgroupOf(dataFolderId), 'i-old');
    mkdirSync(left);
    const hidden = spawn('/bin/sleep', ['300'], { env: {}, detached: true, stdio: 'ignore' });
    writeFileSync(join(left, 'cgroup.procs'), String(hidden.pid));
    await openBench({ dataFolderId });
    expect(existsSync(left)).toBe(false);
    expect(readProcess(hidden.pid ?? 0)).toBeUndefined();
    await first.runtime.close(0);
  });
});
