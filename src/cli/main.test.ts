import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

/* The command line as a user meets it: a process, its output, its exit code. */

const LAUNCHER = join(import.meta.dirname, '../../bin/meanwhile.js');
const SERVE = ['serve', '--json', '--listen', '127.0.0.1:0', '--log-level', 'silent'];

type Child = ChildProcessByStdio<null, Readable, Readable>;

let folder: string;
let children: Child[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meanwhile-cli-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    env: { PATH: process.env['PATH'] ?? '', MEANWHILE_DATA_DIR: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function run(...args: string[]) {
  const child = start(args);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, exitCode };
}

interface Options {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Served {
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Serves until `use` is done, then asks it to end. */
async function serve(use: (url: string) => Promise<void>, options: Partial<Options> = {}): Promise<Served> {
  const child = start([...SERVE, ...(options.args ?? [])], options.env);
  const [stderr, exited] = [text(child.stderr), once(child, 'exit') as Promise<[number | null]>];
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ready = JSON.parse((await lines.next()).value ?? '{}') as { url: string };
  await use(ready.url);
  child.kill('SIGTERM');
  expect((await lines.next()).done).toBe(true);
  const [exitCode] = await exited;
  return { stderr: await stderr, exitCode };
}

test('the version is printed', async () => {
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  const { stdout, exitCode } = await run('version');
  expect({ stdout, exitCode }).toEqual({
    stdout: `meanwhile ${version} (node ${process.versions.node})\n`,
    exitCode: 0,
  });
});

test('wrong settings are all named on standard error, and exit with 2', async () => {
  const result = await run('serve', '--listen', 'nowhere', '--region', 'Ω');
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining('--listen must be'),
    expect.stringContaining('--region must be'),
  ]);
});

test('a server says once that it is ready, shows its key pair at the first start alone, and ends with 0', async () => {
  const first = await serve(async (url) => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
  expect(first.exitCode).toBe(0);
  const file = join(folder, 'data/credentials.json');
  const { accessKeySecret } = JSON.parse(await readFile(file, 'utf8')) as { accessKeySecret: string };
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(first.stderr).toContain(accessKeySecret);

  const second = await serve(async (url) => {
    const { stdout, exitCode } = await run('keys', 'list', '--json', '--url', url);
    const { accessKeys } = JSON.parse(stdout) as { accessKeys: unknown[] };
    expect({ exitCode, count: accessKeys.length }).toEqual({ exitCode: 0, count: 1 });
    expect(stdout).not.toContain(accessKeySecret);
  });
  expect(second).toEqual({ exitCode: 0, stderr: `The operator's key pair is kept in ${file}\n` });
}, 30_000);

test('a pair that was made by a start that failed is found by what the next start says', async () => {
  const dataDir = join(folder, 'other');
  await serve(async (url) => {
    const { exitCode } = await run('serve', '--listen', new URL(url).host, '--data-dir', dataDir);
    expect(exitCode).toBe(1);
  });
  const { stderr } = await serve(async () => undefined, { args: ['--data-dir', dataDir] });
  expect(stderr).toBe(`The operator's key pair is kept in ${join(dataDir, 'credentials.json')}\n`);
}, 30_000);

test('a pair of the settings is shown nowhere, and the other pairs of operators are named by their ids', async () => {
  await serve(async () => undefined);
  const { accessKeyId, accessKeySecret } = JSON.parse(
    await readFile(join(folder, 'data/credentials.json'), 'utf8'),
  ) as Record<string, string>;
  const env = { MEANWHILE_ACCESS_KEY_ID: 'mine', MEANWHILE_ACCESS_KEY_SECRET: 'of-mine' };
  const { stderr } = await serve(async () => undefined, { args: ['--log-level', 'warn'], env });
  const lines = stderr.trimEnd().split('\n');
  expect(lines.filter((line) => line.includes('credentials.json'))).toEqual([]);
  expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ accessKeyIds: [accessKeyId], msg: expect.stringContaining('meanwhile keys disable') }),
  );
  for (const secret of [accessKeySecret, 'of-mine']) expect(stderr).not.toContain(secret);
}, 30_000);

test('a start says once what runs, on which store and folder, and where', async () => {
  let served = '';
  const { stderr } = await serve(
    async (url) => {
      served = url;
    },
    { args: ['--log-level', 'info'], env: { MEANWHILE_LISTN: '127.0.0.1:1' } },
  );
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged.filter(({ msg }) => msg === 'the server takes requests')).toEqual([
    expect.objectContaining({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      store: 'sqlite',
      dataDir: join(folder, 'data'),
      url: served,
    }),
  ]);
  expect(logged).toContainEqual(
    expect.objectContaining({
      variable: 'MEANWHILE_LISTN',
      msg: expect.stringContaining('was MEANWHILE_LISTEN meant?'),
    }),
  );
}, 30_000);

test('a port that is taken is named, and exits with 1', async () => {
  await serve(async (url) => {
    const { host } = new URL(url);
    const { stderr, exitCode } = await run('serve', '--listen', host, '--data-dir', join(folder, 'other'));
    expect(exitCode).toBe(1);
    expect(stderr.split('\n').at(-2)).toBe(
      `meanwhile: the server cannot start: ${host} is taken; stop what listens there, or choose another with --listen`,
    );
  });
}, 30_000);
