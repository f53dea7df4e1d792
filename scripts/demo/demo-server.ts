/** A server as a user starts it: `meanwhile serve` in a process of its own, on a fresh data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface DemoServer {
  readonly url: URL;
  readonly dataDir: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Resolves when the server has ended, with its exit code and what it said on standard error. */
  readonly ended: Promise<EndedServer>;
  /** SIGTERM; resolves when it has ended. The data folder goes with the demo's own process. */
  stop(): Promise<EndedServer>;
}

export interface EndedServer {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly log: string;
}

const LAUNCHER = join(import.meta.dirname, '../../bin/meanwhile.js');
const LOG_CHARACTERS_KEPT = 16_384;

/** Resolves once requests are served; rejects with the server's log when it ends instead. */
export async function startDemoServer(): Promise<DemoServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'meanwhile-demo-'));
  // Out of the terminal's process group: Ctrl-C shall reach the server once, by way of the demo, and not twice.
  const child = spawn(process.execPath, [LAUNCHER, 'serve', '--json', '--listen', '127.0.0.1:0'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      MEANWHILE_DATA_DIR: dataDir,
      MEANWHILE_LOG_LEVEL: 'warn',
      MEANWHILE_FUNCTION_LOGS: 'none',
      MEANWHILE_STOP_GRACE_SECONDS: '2',
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const ended = watchEnd(child);
  const url = await readyUrl(child, ended);
  const pair = JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')) as {
    accessKeyId: string;
    accessKeySecret: string;
  };
  return {
    url,
    dataDir,
    ...pair,
    ended,
    async stop() {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}

function watchEnd(child: ChildProcess): Promise<EndedServer> {
  let log = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-LOG_CHARACTERS_KEPT);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, log });
    });
  });
}

async function readyUrl(child: ChildProcess, ended: Promise<EndedServer>): Promise<URL> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  const lines = createInterface(child.stdout);
  const ready = new Promise<string>((resolve) => {
    lines.once('line', resolve);
  });
  const first = await Promise.race([ready, ended]);
  if (typeof first !== 'string') throw new Error(`the server ended before it was ready:\n${first.log}`);
  return new URL((JSON.parse(first) as { url: string }).url);
}
