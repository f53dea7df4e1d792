/** What hostile functions may leave on the machine. Other servers may run on it, so only what is known to be theirs counts. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listProcesses } from '../../support/processes.ts';

/** For how long leaves-a-daemon.js lets its process sleep: what no other process on this machine does. */
export const DAEMON_SECONDS = 1_000_000 + process.pid;

/** How the files of leaves-files.js begin. */
export const FILE_MARK = `meanwhile-hostile-${process.pid}`;

const OPEN_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm'];

export interface Suspects {
  readonly dataDir: string;
  readonly serverPid: number;
  readonly instanceIds: ReadonlySet<string>;
}

/** Names of what is left of instances; empty when all is clean. */
export function remaindersOf({ dataDir, instanceIds, serverPid }: Suspects): readonly string[] {
  return [
    ...readdirSync(join(dataDir, 'instances')).map((name) => `temp folder ${name}`),
    ...listProcesses()
      .filter(({ pid }) => textOf(`/proc/${pid}/cmdline`) === `sleep\0${DAEMON_SECONDS}\0`)
      .map(({ pid }) => `process ${pid}`),
    ...cgroupsOfServers()
      .filter((name) => instanceIds.has(name))
      .map((name) => `cgroup ${name}`),
    ...OPEN_FOLDERS.flatMap((folder) =>
      namesIn(folder)
        .filter((name) => name.startsWith(FILE_MARK))
        .map((name) => `file ${join(folder, name)}`),
    ),
    ...namespacesOf(dataDir, serverPid),
  ];
}

/** A namespace lives by a process in it, a file that is open or a mount. Those of instances have the data folder among their mounts. */
function namespacesOf(dataDir: string, serverPid: number): readonly string[] {
  const inside = listProcesses()
    .filter(({ pid }) => pid !== serverPid && textOf(`/proc/${pid}/mountinfo`).includes(basename(dataDir)))
    .map(({ pid }) => `namespace of process ${pid}`);
  const open = namesIn(`/proc/${serverPid}/fd`)
    .map((fd) => linkOf(`/proc/${serverPid}/fd/${fd}`))
    .filter((target) => /^(mnt|pid|net|ipc|uts|user):\[/.test(target))
    .map((target) => `namespace ${target} that is open`);
  const mounted = textOf(`/proc/${serverPid}/mountinfo`)
    .split('\n')
    .filter((line) => line.includes(' - nsfs '))
    .map((line) => `namespace that is mounted: ${line}`);
  return [...inside, ...open, ...mounted];
}

/** Those of all instances of all servers whose cgroups are below those of this process. */
function cgroupsOfServers(): readonly string[] {
  const own = textOf('/proc/self/cgroup')
    .split('\n')
    .flatMap((line) => {
      const [, controllers = '', path = ''] = /^\d+:([^:]*):(.+)$/.exec(line) ?? [];
      return path === '' ? [] : [join('/sys/fs/cgroup', controllers, path)];
    });
  const servers = own.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith('meanwhile-'))
      .map((name) => join(folder, name)),
  );
  return servers.flatMap(namesIn);
}

/** Of a folder that another server may just be removing. */
function namesIn(folder: string): readonly string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
