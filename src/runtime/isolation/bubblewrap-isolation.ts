/**
 * The tier `bubblewrap`: an instance sees a read-only system, its code, its temp folder and its own processes, and no
 * more. Started by the machine's `bwrap`, which a server that is not root may use as well where the kernel lets it.
 *
 * Where the server is root, bubblewrap builds the view with root's rights, and the instance is made a user of its own in
 * it. Elsewhere it is in a user namespace, as the server's user.
 */
import { dirname, join, relative } from 'node:path';
import { livingProcesses } from '../process/process-table.ts';
import { userFlags } from '../process/parent-death.ts';
import type { Launch } from '../process/launch.ts';
import { type CommandLine, dressed, joined } from '../process/shell.ts';
import { bubblewrapArguments, CODE_FOLDER, type Sandbox, TEMP_FOLDER } from './bubblewrap-arguments.ts';
import { enclosureLimits } from './enclosure-limits.ts';
import { exitOfSandbox } from './exit-of-sandbox.ts';
import type { Enclosure, EnclosureRequest, Isolation, Program, ReadOnlyMount } from './isolation.ts';
import { type RoomOptions, takeRoom } from './room.ts';

export interface BubblewrapIsolationOptions extends RoomOptions {
  readonly programs: SandboxPrograms;
  readonly system: readonly string[];
  readonly gaps: readonly string[];
  readonly problems: readonly string[];
}

export interface SandboxPrograms {
  readonly bubblewrap: string;
  /** Needed where there are users. */
  readonly setpriv: string | undefined;
}

/** Where bubblewrap reads what to build: its command line could be read from inside. */
const ARGUMENTS_FD = 5;

const OWN_RUNTIME = dirname(import.meta.dirname);
export const OWN_NODE: ReadOnlyMount = { source: process.execPath, target: '/run/meanwhile/bin/node' };
/** What of the server's an instance needs. */
export const OWN_FILES: readonly ReadOnlyMount[] = [
  OWN_NODE,
  { source: OWN_RUNTIME, target: '/run/meanwhile/runtime' },
];

export function createBubblewrapIsolation(options: BubblewrapIsolationOptions): Isolation {
  const { cgroups, users, gaps, problems } = options;
  async function enclose(request: EnclosureRequest): Promise<Enclosure> {
    const { join: joinFiles, ...room } = await takeRoom(options, request);
    return {
      ...room,
      tempFolder: TEMP_FOLDER,
      codeFolder: CODE_FOLDER,
      placeOf: (path) => placeOf(path, request.mounts ?? []),
      launch: (program) => launch(options, { request, program, room, joinFiles }),
      programPid,
      exitOf: exitOfSandbox,
    };
  }
  const enclosuresMax = users?.range.count ?? Number.POSITIVE_INFINITY;
  return { tier: 'bubblewrap', gaps, problems, enclosuresMax, enclose, close: async () => await cgroups?.close() };
}

interface InEnclosure {
  readonly request: EnclosureRequest;
  readonly program: Program;
  readonly room: Pick<Enclosure, 'folder' | 'uid'>;
  readonly joinFiles: readonly string[];
}

function launch({ programs, system }: BubblewrapIsolationOptions, inside: InEnclosure): Launch {
  const { codeFolder, limits, mounts = [] } = inside.request;
  const { folder, uid } = inside.room;
  const sandbox: Sandbox = {
    system,
    ownFiles: OWN_FILES,
    codeFolder,
    mounts,
    tempFolder: folder,
    ownNetwork: inside.program.ownNetwork ?? false,
    userNamespace: uid === undefined,
  };
  const program = asUser(programs, uid, dressed(inside.program.command, enclosureLimits(limits, true)));
  return {
    command: joined([programs.bubblewrap, '--args', String(ARGUMENTS_FD), '--', ...program], inside.joinFiles),
    cwd: '/',
    input: bubblewrapArguments(sandbox)
      .map((argument) => `${argument}\0`)
      .join(''),
  };
}

/** What runs as that user; the server's own where there is none. */
export function asUser({ setpriv }: SandboxPrograms, uid: number | undefined, command: CommandLine): CommandLine {
  if (uid === undefined || setpriv === undefined) return command;
  return [setpriv, ...userFlags(uid), '--no-new-privs', '--', ...command];
}

function placeOf(path: string, mounts: readonly ReadOnlyMount[]): string {
  const mount = [...mounts, ...OWN_FILES].find(({ source }) => path === source || path.startsWith(`${source}/`));
  return mount === undefined ? path : join(mount.target, relative(mount.source, path));
}

/** bubblewrap stays outside as the first process; its child is process 1 inside, and the first child of that the program. */
function programPid(rootPid: number): number | undefined {
  const table = livingProcesses().sort((a, b) => a.startTicks - b.startTicks);
  const childOf = (pid: number | undefined) => table.find(({ parentPid }) => parentPid === pid)?.pid;
  const init = childOf(rootPid);
  return init === undefined ? undefined : childOf(init);
}
