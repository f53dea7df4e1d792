/** Starts and ends what is measured, each in a process of its own, so that one contender's heap never slows another. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..');

export const KEY = { accessKeyId: 'BENCHKEY', accessKeySecret: 'bench-secret-of-no-use-elsewhere' };

export interface StartedServer {
  readonly url: URL;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startBareServer(): Promise<StartedServer> {
  return await start([join(import.meta.dirname, 'bare-server.mjs')], {});
}

/** Meanwhile as a user starts it, on a fresh data folder that goes with it. */
export async function startMeanwhile(): Promise<StartedServer> {
  const folder = await newDataFolder();
  const server = await startMeanwhileOn(folder);
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function newDataFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'meanwhile-bench-'));
}

export async function startMeanwhileOn(folder: string): Promise<StartedServer> {
  return await start([join(ROOT, 'bin/meanwhile.js'), 'serve'], {
    MEANWHILE_LISTEN: '127.0.0.1:0',
    MEANWHILE_DATA_DIR: folder,
    MEANWHILE_ACCESS_KEY_ID: KEY.accessKeyId,
    MEANWHILE_ACCESS_KEY_SECRET: KEY.accessKeySecret,
    MEANWHILE_LOG_LEVEL: 'warn',
  });
}

async function start(command: readonly string[], environment: Record<string, string>): Promise<StartedServer> {
  const child = spawn(process.execPath, command, {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = new URL(await readyLine(child));
  return { url, pid: child.pid ?? 0, stop: () => end(child) };
}

/** The first line of standard output names the URL, once requests are served. */
async function readyLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('a server has no standard output');
  for await (const line of createInterface(child.stdout)) {
    const found = /https?:\/\/\S+/.exec(line);
    if (found) return found[0];
  }
  throw new Error('a server ended before it was ready');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}
