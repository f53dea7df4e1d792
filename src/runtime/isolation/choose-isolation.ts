/** Finds out, by trying, which isolation this machine gives, and makes the one that was asked for. */
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Launcher } from '../process/parent-death.ts';
import { failureOf, findProgram } from '../process/programs.ts';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';
import {
  asUser,
  createBubblewrapIsolation,
  OWN_FILES,
  OWN_NODE,
  type SandboxPrograms,
} from './bubblewrap-isolation.ts';
import { cgroupLayout } from './cgroup/cgroup-layout.ts';
import { Cgroups } from './cgroup/cgroups.ts';
import { FunctionUsers, userRange } from './function-users.ts';
import { gapsOf } from './gaps.ts';
import type { Isolation } from './isolation.ts';
import { removeFilesOfFormerLife, removeLeftFiles } from './left-files.ts';
import { createProcessIsolation } from './process-isolation.ts';
import { systemView } from './system-view.ts';
import { LimitWatch } from './watch/limit-watch.ts';

/** What an operator may ask for: the best that there is, bubblewrap or no start, the tier of every machine. */
export type IsolationChoice = 'auto' | 'require' | 'process';

export interface ChooseIsolationOptions {
  readonly choice: IsolationChoice;
  readonly launcher: Launcher;
  readonly dataFolderId: string;
  /** Where the code of functions is. */
  readonly codeFolder: string;
  /** Each instance gets a folder in it. */
  readonly tempFolder: string;
  readonly clock: Clock;
}

/** What all tiers share on this machine. */
interface Means {
  readonly users: FunctionUsers | undefined;
  readonly cgroups: Cgroups | undefined;
  readonly watch: LimitWatch;
  readonly problems: readonly string[];
}

/** For all but the owner: what lies in it can be reached by its name, and names are not shown. */
const PASS_ONLY = 0o711;

const HOW_TO_GET_IT =
  'Install it (`apt install bubblewrap`, `dnf install bubblewrap`, `apk add bubblewrap`) and let it make namespaces:' +
  ' in a container that takes `--security-opt seccomp=unconfined --security-opt apparmor=unconfined` or' +
  ' `--cap-add SYS_ADMIN`; on Ubuntu 24.04 and later an AppArmor profile for bwrap. Or set `isolation` to `auto`.';

/** Rejects with a sentence for the operator when what was asked for cannot be had. */
export async function chooseIsolation(options: ChooseIsolationOptions): Promise<Isolation> {
  const { choice, clock, dataFolderId, launcher } = options;
  const users = launcher.changesUser
    ? new FunctionUsers(userRange(await readFile('/proc/self/uid_map', 'utf8'), dataFolderId))
    : undefined;
  const bubblewrap = choice === 'process' ? undefined : await findBubblewrap(users);
  if (choice === 'require' && typeof bubblewrap === 'string') {
    throw new Error(`the isolation "require" cannot be had: ${bubblewrap}. ${HOW_TO_GET_IT}`);
  }
  const cgroups = await findCgroups(dataFolderId);
  const means: Means = {
    users,
    cgroups: typeof cgroups === 'object' ? cgroups : undefined,
    watch: new LimitWatch({ clock, memory: typeof cgroups === 'string' }),
    problems: [bubblewrap, cgroups].filter((found) => typeof found === 'string'),
  };
  return typeof bubblewrap === 'object' ? inBubblewrap(options, bubblewrap, means) : asProcess(options, means);
}

function inBubblewrap(
  { launcher, tempFolder }: ChooseIsolationOptions,
  programs: SandboxPrograms,
  means: Means,
): Isolation {
  const gaps = gapsOf({
    tier: 'bubblewrap',
    ownUsers: means.users !== undefined,
    diesWithServer: launcher.diesWithParent,
    cgroups: means.cgroups !== undefined,
  });
  return createBubblewrapIsolation({ ...means, programs, system: systemView(), tempFolder, gaps });
}

async function asProcess(
  { codeFolder, launcher, tempFolder }: ChooseIsolationOptions,
  means: Means,
): Promise<Isolation> {
  const closed = means.users && (await passProblem(launcher, means.users, [codeFolder, tempFolder]));
  const users = closed === undefined ? means.users : undefined;
  if (users !== undefined) await removeFilesOfFormerLife(launcher, users.range);
  const gaps = gapsOf({
    tier: 'process',
    ownUsers: users !== undefined,
    diesWithServer: launcher.diesWithParent,
    cgroups: means.cgroups !== undefined,
  });
  const problems = [...means.problems, ...(closed === undefined ? [] : [closed])];
  return createProcessIsolation({
    ...means,
    users,
    launcher,
    tempFolder,
    removeLeftFiles: users && ((uid) => removeLeftFiles(launcher, uid)),
    gaps,
    problems,
  });
}

/** What there is to be used, or a clause that says why not. */
async function findCgroups(dataFolderId: string): Promise<Cgroups | string> {
  try {
    const [membership, mounts] = await Promise.all(
      ['/proc/self/cgroup', '/proc/self/mountinfo'].map((file) => readFile(file, 'utf8')),
    );
    const layout = cgroupLayout(membership ?? '', mounts ?? '');
    if (layout === undefined) return 'there are no cgroups that limit memory and processes';
    return await Cgroups.open(layout, dataFolderId);
  } catch (error) {
    return `cgroups are not for this server to use (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** What there is to be used, or a clause that says why not. Starts a sandbox that runs our Node.js. */
async function findBubblewrap(users: FunctionUsers | undefined): Promise<SandboxPrograms | string> {
  const isRoot = process.getuid?.() === 0;
  const bubblewrap = findProgram('bwrap');
  if (bubblewrap === undefined) return 'bubblewrap (`bwrap`) is not installed';
  const setpriv = findProgram('setpriv');
  if (isRoot && users === undefined) return 'setpriv, which a server that is root needs for it, is missing or too old';
  const args = bubblewrapArguments({
    system: systemView(),
    ownFiles: OWN_FILES,
    codeFolder: '/usr',
    mounts: [],
    tempFolder: '/tmp',
    ownNetwork: false,
    userNamespace: !isRoot,
  });
  const programs: SandboxPrograms = { bubblewrap, setpriv };
  const uid = users?.take();
  const failure = await failureOf([
    bubblewrap,
    ...args,
    '--',
    ...asUser(programs, uid, [OWN_NODE.target, '--version']),
  ]);
  if (uid !== undefined) users?.giveBack(uid);
  return failure === undefined ? programs : `bubblewrap does not work here (${failure})`;
}

/**
 * Whether users of instances come through to their code, temp folders and our scripts; if not, a sentence that says where
 * they do not. Our own folders are opened for passing, not for listing: what lies in them is private or named by a hash.
 */
async function passProblem(
  launcher: Launcher,
  users: FunctionUsers,
  folders: readonly string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, PASS_ONLY);
    const { mode } = await stat(dirname(folder));
    await chmod(dirname(folder), (mode & 0o7777) | 0o111);
  }
  const uid = users.take();
  users.giveBack(uid);
  const needed = [...folders.map((folder) => join(folder, '.')), ...OWN_FILES.map(({ source }) => source)];
  for (const path of needed) {
    const failure = await failureOf(launcher.wrap(['/bin/sh', '-c', 'test -x "$1"', 'sh', path], { uid }));
    if (failure !== undefined) return `other users may not reach ${path}, so that instances run as root`;
  }
  return undefined;
}
