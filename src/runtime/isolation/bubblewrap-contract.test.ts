import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCustomBench } from '../custom/custom.fixture.ts';
import { probeLauncher } from '../process/parent-death.ts';
import { spawnSupervised } from '../process/supervised-process.ts';
import { findPython } from '../python/python-runtime.ts';
import { machineClock, openBench, processesOf, resultText, testFolder } from '../runtime.fixture.ts';
import { bubblewrapWorks } from './bubblewrap-works.fixture.ts';
import { chooseIsolation } from './choose-isolation.ts';
import type { ReadOnlyMount } from './isolation.ts';

const BUBBLEWRAP = { isolation: 'require' } as const;
const hasPython = (await findPython()) !== undefined;

/** What a shell prints in an enclosure of its own. */
async function printedInside(script: string, mounts: readonly ReadOnlyMount[] = []): Promise<string> {
  const folder = await testFolder();
  const [codeFolder, tempFolder] = [join(folder, 'code'), join(folder, 'temp')];
  for (const each of [codeFolder, tempFolder]) await mkdir(each);
  const options = { choice: 'require', dataFolderId: basename(folder), codeFolder, tempFolder } as const;
  const isolation = await chooseIsolation({ ...options, launcher: await probeLauncher(), clock: machineClock });
  const limits = { memoryMb: 128, diskMb: 512 };
  const enclosure = await isolation.enclose({ instanceId: 'i-1', codeFolder, mounts, limits });
  const supervised = await spawnSupervised({
    launch: enclosure.launch({ command: ['/bin/sh', '-c', script] }),
    environment: { PATH: '/usr/bin:/bin' },
    instanceId: 'i-1',
    dataFolderId: basename(folder),
    view: enclosure,
  });
  let printed = '';
  for (const stream of [supervised.stdout, supervised.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  await supervised.exited;
  expect(await supervised.end()).toBe(true);
  await enclosure.release();
  await isolation.close();
  expect(await readdir(tempFolder)).toEqual([]);
  expect(processesOf(basename(folder))).toEqual([]);
  return printed.trim();
}

describe.skipIf(!(await bubblewrapWorks()))('in bubblewrap', () => {
  test('a function finds its code in /code and its own folder in /tmp', async () => {
    const { folder, run, spec } = await openBench(BUBBLEWRAP);
    const execution = await run(await spec('temp-file.js'));
    expect(resultText(execution)).toBe('/tmp');
    expect(await readdir(join(folder, 'temp', execution.instanceId))).toContain('note');
  });

  test.each(['0', '1', '77'])('an exit by code %s is reported as it is', async (event) => {
    const { run, spec } = await openBench(BUBBLEWRAP);
    const { outcome } = await run(await spec('exits.js'), { event });
    expect(outcome).toEqual({ kind: 'exited', exitCode: Number(event), signal: null });
  });

  test('a crash is reported with its signal, and a full heap as out of memory', async () => {
    const { run, spec } = await openBench(BUBBLEWRAP);
    expect((await run(await spec('crashes.js'))).outcome).toMatchObject({ kind: 'exited', signal: 'SIGABRT' });
    const { outcome } = await run(await spec('out-of-memory.js', { memoryMb: 64 }));
    expect(outcome).toEqual({ kind: 'out-of-memory' });
  });

  test('a timeout ends all that was started, in a session of its own and without a sign of ours too', async () => {
    const { folder, run, spec } = await openBench(BUBBLEWRAP);
    const execution = await run(await spec('escapes.js', { timeoutSeconds: 1 }), { event: 'stay' });
    expect(execution.outcome).toEqual({ kind: 'timed-out', timeoutMs: 1000 });
    expect(execution.maxMemoryMb).toBeGreaterThan(10);
    expect(processesOf(basename(folder))).toEqual([]);
  });

  test.skipIf(!hasPython)('Python says where it was when time was up', async () => {
    const { run, spec } = await openBench(BUBBLEWRAP);
    const { logTail, outcome } = await run(await spec('loops.py', { timeoutSeconds: 1 }));
    expect(outcome.kind).toBe('timed-out');
    expect(logTail).toContain('Dumping stack trace after function timeout');
  });

  test.skipIf(!hasPython)('Python that has no memory left is out of memory', async () => {
    const { run, spec } = await openBench(BUBBLEWRAP);
    expect((await run(await spec('out_of_memory.py'))).outcome).toEqual({ kind: 'out-of-memory' });
  });

  test('shared memory can be written, within its bound', async () => {
    const script =
      'echo kept > /dev/shm/x && cat /dev/shm/x; stat -c %a /dev/shm; df -m --output=size /dev/shm | tail -1';
    expect((await printedInside(script)).split(/\s+/)).toEqual(['kept', '1777', '64']);
  });

  test.skipIf(!hasPython).each(['fork', 'spawn'])(
    'Python shares work with processes of its own by %s',
    async (event) => {
      const { run, spec } = await openBench(BUBBLEWRAP);
      const execution = await run(await spec('spawns_workers.py', { memoryMb: 512 }), { event });
      expect(JSON.parse(resultText(execution))).toEqual([[2, 4], ['r-1']]);
    },
  );

  test('a server of the user’s is called by its port', async () => {
    const { ask, server } = await openCustomBench(BUBBLEWRAP);
    expect(resultText(await ask(await server(), { do: 'echo', text: 'up' }))).toBe('up');
  });

  test('a mount is where it was asked for, read-only, and other folders are not there', async () => {
    const layer = await testFolder();
    await chmod(layer, 0o755);
    await writeFile(join(layer, 'note'), 'from the layer');
    const script = 'cat /opt/deep/note; echo; touch /opt/deep/x; ls / /etc/shadow; ls /run';
    const printed = await printedInside(script, [{ source: layer, target: '/opt/deep' }]);
    expect(printed).toMatch(/^from the layer\n/);
    expect(printed).toMatch(/\/opt\/deep\/x.*Read-only file system/);
    expect(printed).toContain("cannot access '/etc/shadow'");
    expect(printed).not.toMatch(/^(home|root|var|srv)$/m);
    expect(printed).toMatch(/^meanwhile$/m);
  });

  test('nothing can be written but the temp folder, and only its own processes are seen', async () => {
    const script =
      'for f in /x /dev/x /code/x /usr/x /run/x /etc/x /tmp/x; do touch $f && echo made $f; done; ls -d /proc/[0-9]*';
    const printed = await printedInside(`(${script}) 2>/dev/null`);
    expect(printed).toMatch(/^made \/tmp\/x\n(\/proc\/\d+\n?){2,4}$/);
  });

  test('what it was started with shows neither its variables nor folders of the machine', async () => {
    const printed = await printedInside('cat /proc/1/cmdline /proc/1/environ 2>/dev/null');
    expect(printed).not.toContain('meanwhile-runtime-');
  });
});

test('what was asked for and cannot be had is refused, with what to do about it', async () => {
  if (await bubblewrapWorks()) return;
  await expect(openBench(BUBBLEWRAP)).rejects.toThrow(/apt install bubblewrap/);
});
