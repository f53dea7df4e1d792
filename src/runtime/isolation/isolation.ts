/**
 * What stands between an instance and the rest of the machine. Chosen once, at start (`choose-isolation.ts`); a runtime
 * asks it for an enclosure for each instance, and knows nothing of how that is made.
 */
import type { ExitStatus } from '../process/exit-status.ts';
import type { Launch } from '../process/launch.ts';
import type { CommandLine } from '../process/shell.ts';
import type { InstanceLimits } from './instance-limits.ts';
import type { Limit } from './watch/limit-watch.ts';

/** `bubblewrap`: namespaces and a file system of its own. `process`: a process group, limits, a user where it can be. */
export type Tier = 'bubblewrap' | 'process';

export interface Isolation {
  readonly tier: Tier;
  /** What it does not give on this machine: sentences that name nothing private. */
  readonly gaps: readonly string[];
  /** Why it is no better: clauses for the operator's log. */
  readonly problems: readonly string[];
  /** How many enclosures it can give at once. */
  readonly enclosuresMax: number;
  /** Rejects when the machine has no room for another; leaves nothing behind then. */
  readonly enclose: (request: EnclosureRequest) => Promise<Enclosure>;
  /** Removes what it made for all of them; to be called when no instance is left. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * A folder of this machine that an instance may read and nobody writes: `{ source: '/data/layers/ab12', target: '/opt' }`.
 * In the tier `process` it stays where it is, and `Enclosure.placeOf(source)` gives its own path; in `bubblewrap` it gives
 * the target.
 */
export interface ReadOnlyMount {
  /** Absolute, exists, and readable by everybody: its files are read by other users than the server's. */
  readonly source: string;
  /** Absolute; where the function looks for it. Not below `/code`, `/tmp`, `/usr`, `/etc`, `/proc`, `/dev` or `/run`. */
  readonly target: string;
}

export interface EnclosureRequest {
  readonly instanceId: string;
  /** The extracted package, on this machine. */
  readonly codeFolder: string;
  /** What the instance sees beside its code. In order: a later one lies over an earlier. Default none. */
  readonly mounts?: readonly ReadOnlyMount[];
  readonly limits: InstanceLimits;
}

/** The place of one instance: its temp folder, its view of the machine, its user. */
export interface Enclosure {
  /** The temp folder as this server sees it; empty at first, the instance's own. */
  readonly folder: string;
  /** The same as the function sees it. */
  readonly tempFolder: string;
  /** The code as the function sees it. */
  readonly codeFolder: string;
  /** Where the function finds a file of this server's runtime, its Node.js, or the source of a mount. Other paths as they are. */
  readonly placeOf: (path: string) => string;
  /** What to spawn for a program; paths in it are the function's. Its working folder is that of the code. */
  readonly launch: (program: Program) => Launch;
  /** The process of the program itself, when `rootPid` is the one that was spawned; undefined when it is not up or gone. */
  readonly programPid: (rootPid: number) => number | undefined;
  /** How the program ended, from the end of the process that was spawned. */
  readonly exitOf: (exit: ExitStatus) => ExitStatus;
  /** The user that all its processes have and nobody else's; undefined where they share one. */
  readonly uid: number | undefined;
  /** Its processes as the kernel counts them, those that hide among them; none where it does not. */
  readonly members: () => readonly number[];
  /**
   * To be called once, with what was spawned: from then on it is held to the limits that the kernel does not hold it to.
   *
   * @param say takes the line for its log when it is ended for one of them
   */
  readonly started: (tree: RunningTree, say: (line: string) => void) => void;
  /** Which limit its processes were ended for; undefined for none. To be asked when they are gone. */
  readonly exceeded: () => Limit | undefined;
  /** Removes it with all that is in it. To be called when no process of it is left. Never rejects. */
  readonly release: () => Promise<void>;
}

export interface RunningTree {
  readonly pid: number;
  readonly end: () => Promise<unknown>;
}

export interface Program {
  readonly command: CommandLine;
  /** Reaches nothing but its own loopback, where every port is free. For the tier `bubblewrap` alone. */
  readonly ownNetwork?: boolean;
}
