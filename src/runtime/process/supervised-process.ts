/** One child process with its control pipe: started alone in its group and session, ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { invariant } from '../../core/invariant.ts';
import { killTree, startTicksOf, type Tree } from './kill-tree.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Launch } from './launch.ts';
import { instanceMarker, markers } from './markers.ts';
import { peakMemoryMb } from './process-table.ts';
import { SYSTEM_PATH } from './programs.ts';
import { ENVIRONMENT_FD, environmentScript } from './shell.ts';

/** How long the end of what a killed tree wrote is waited for. */
const STREAM_WAIT_MS = 500;
/** Of `Launch.input`. */
const INPUT_FD = 5;

export interface ProcessSpec {
  readonly launch: Launch;
  /** All of its environment but the markers: nothing of the server's own reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly instanceId: string;
  readonly dataFolderId: string;
  readonly view: ProcessView;
}

/** How what was spawned relates to the program that it is for; they are one where nothing stands between. */
export interface ProcessView {
  /** Undefined while the program is not up, and when it is gone. */
  programPid(rootPid: number): number | undefined;
  exitOf(exit: ExitStatus): ExitStatus;
  /** The user of all its processes and of no others; undefined where it is shared. */
  readonly uid: number | undefined;
  /** Its processes as the kernel counts them; none where it does not. */
  members(): readonly number[];
}

export class SupervisedProcess {
  readonly pid: number;
  /** File descriptor 3 of the child, both ways. */
  readonly control: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the first process of the tree has ended. */
  readonly exited: Promise<ExitStatus>;
  readonly #tree: Tree;
  readonly #view: ProcessView;
  #reachedProgram = false;
  #programPid: number | undefined;
  #ending: Promise<boolean> | undefined;

  constructor(child: ChildProcess, spec: ProcessSpec) {
    const control = child.stdio[3] as Duplex | null;
    invariant(child.pid !== undefined, 'a spawned child has a pid');
    invariant(child.stdout !== null && child.stderr !== null && control !== null, 'a spawned child has its pipes');
    this.#view = spec.view;
    this.pid = child.pid;
    this.control = control;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    child.stdio[ENVIRONMENT_FD]?.once('data', () => (this.#reachedProgram = true));
    this.#tree = {
      rootPid: child.pid,
      startTicks: startTicksOf(child.pid),
      marker: instanceMarker(spec.instanceId),
      uid: spec.view.uid,
      members: () => spec.view.members(),
    };
    this.exited = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => resolve(spec.view.exitOf({ exitCode, signal })));
    });
  }

  /** Whether it came as far as the program: what failed before is the machine's, what fails then is the function's. */
  get reachedProgram(): boolean {
    return this.#reachedProgram;
  }

  /** Asks the program to end; nothing makes sure that it does. */
  terminate(): void {
    const pid = this.#program();
    if (pid === undefined) return;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // Gone already.
    }
  }

  /** Ends the whole tree; true when none of it is left. Safe to call at any time, also when the first process is gone. */
  end(): Promise<boolean> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  peakMemoryMb(): number {
    return peakMemoryMb(this.#program() ?? this.pid);
  }

  /** Looked for once: that reads the whole process table where something stands between. */
  #program(): number | undefined {
    this.#programPid ??= this.#view.programPid(this.pid);
    return this.#programPid;
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
export function spawnSupervised(spec: ProcessSpec): Promise<SupervisedProcess> {
  const { command: commandLine, cwd, input } = spec.launch;
  const [command, ...args] = commandLine;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      // Its own variables come later, by a pipe: see shell.ts.
      env: { PATH: SYSTEM_PATH, ...markers(spec.instanceId, spec.dataFolderId) },
      // A session of its own: its group is killed as one, and a Ctrl-C at the server's terminal does not reach it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...(input === undefined ? [] : ['pipe' as const])],
    });
    child.once('error', reject);
    child.once('spawn', () => {
      const supervised = new SupervisedProcess(child, spec);
      // A write to a child that is gone: its exit tells the same.
      for (const stream of [supervised.control, supervised.stdout, supervised.stderr])
        stream.on('error', () => undefined);
      send(child, ENVIRONMENT_FD, environmentScript(spec.environment));
      if (input !== undefined) send(child, INPUT_FD, input);
      resolve(supervised);
    });
  });
}

function send(child: ChildProcess, descriptor: number, text: string): void {
  const pipe = child.stdio[descriptor] as Writable | null;
  pipe?.on('error', () => undefined);
  pipe?.end(text);
}
