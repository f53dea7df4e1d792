/** One child process with its control pipe: started alone in its group and session, ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { invariant } from '../../core/invariant.ts';
import { killTree, startTicksOf, type Tree } from './kill-tree.ts';
import { instanceMarker, markers } from './markers.ts';
import type { Launcher } from './parent-death.ts';
import { peakMemoryMb } from './process-table.ts';

/** How long the end of what a killed tree wrote is waited for. */
const STREAM_WAIT_MS = 500;

export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment but the markers: nothing of the server's own reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly instanceId: string;
  readonly dataFolderId: string;
}

export interface ExitStatus {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export class SupervisedProcess {
  readonly pid: number;
  /** File descriptor 3 of the child, both ways. */
  readonly control: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the first process of the tree has ended. */
  readonly exited: Promise<ExitStatus>;
  readonly #child: ChildProcess;
  readonly #tree: Tree;
  #ending: Promise<boolean> | undefined;

  constructor(child: ChildProcess, spec: ProcessSpec) {
    const control = child.stdio[3] as Duplex | null;
    invariant(child.pid !== undefined, 'a spawned child has a pid');
    invariant(child.stdout !== null && child.stderr !== null && control !== null, 'a spawned child has its pipes');
    this.#child = child;
    this.pid = child.pid;
    this.control = control;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    this.#tree = { rootPid: child.pid, startTicks: startTicksOf(child.pid), marker: instanceMarker(spec.instanceId) };
    this.exited = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  /** Asks the first process to end; nothing makes sure that it does. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  /** Ends the whole tree; true when none of it is left. Safe to call at any time, also when the first process is gone. */
  end(): Promise<boolean> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  peakMemoryMb(): number {
    return peakMemoryMb(this.pid);
  }

  async #end(): Promise<boolean> {
    const gone = await killTree(this.#tree);
    // Where there is no process table, the exit is what tells that it is gone.
    if (gone) await this.exited;
    const streams = [this.control, this.stdout, this.stderr];
    // With the last writer gone each stream ends by itself, once all that was written is read.
    await Promise.race([Promise.all(streams.map(closed)), sleep(STREAM_WAIT_MS, undefined, { ref: false })]);
    for (const stream of streams) stream.destroy();
    return gone;
  }
}

function closed(stream: Readable): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => stream.once('close', resolve));
}

/** Rejects with the system's error (EAGAIN, ENOMEM, ENOENT, …) when there can be no process. */
export function spawnSupervised(spec: ProcessSpec, launcher: Launcher): Promise<SupervisedProcess> {
  return new Promise((resolve, reject) => {
    const [command, args] = launcher.wrap(spec.command, spec.args);
    const child = spawn(command, args, {
      cwd: spec.cwd,
      env: { ...spec.environment, ...markers(spec.instanceId, spec.dataFolderId) },
      // A session of its own: its group is killed as one, and a Ctrl-C at the server's terminal does not reach it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    child.once('error', reject);
    child.once('spawn', () => {
      const supervised = new SupervisedProcess(child, spec);
      // A write to a child that is gone: its exit tells the same.
      for (const stream of [supervised.control, supervised.stdout, supervised.stderr])
        stream.on('error', () => undefined);
      resolve(supervised);
    });
  });
}
