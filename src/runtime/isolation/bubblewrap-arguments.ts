/** What bubblewrap is told to build for one instance. Pure. */
import type { ReadOnlyMount } from './isolation.ts';

export interface Sandbox {
  /** The read-only system, as arguments; see `system-view.ts`. */
  readonly system: readonly string[];
  /** Programs and scripts of the server's. */
  readonly ownFiles: readonly ReadOnlyMount[];
  readonly codeFolder: string;
  readonly mounts: readonly ReadOnlyMount[];
  /** Becomes /tmp. */
  readonly tempFolder: string;
  readonly ownNetwork: boolean;
  /** Whether it runs in a user namespace: where the server is not root. */
  readonly userNamespace: boolean;
}

export const CODE_FOLDER = '/code';
export const TEMP_FOLDER = '/tmp';

const SHARED_MEMORY_BYTES = 64 * 1024 * 1024;
const HOSTNAME = 'instance';

export function bubblewrapArguments(sandbox: Sandbox): readonly string[] {
  const { system, ownFiles, codeFolder, mounts, tempFolder } = sandbox;
  const bound = [...ownFiles, { source: codeFolder, target: CODE_FOLDER }, ...mounts];
  return [
    ...namespaces(sandbox),
    '--die-with-parent',
    ...openParents([...bound.map(({ target }) => target), ...system.filter((argument) => argument.startsWith('/'))]),
    ...system,
    // Before what lies in it: a data folder or a clone may be below /tmp itself.
    ...['--proc', '/proc', '--dev', '/dev', ...sharedMemory()],
    ...['--remount-ro', '/dev', '--bind', tempFolder, TEMP_FOLDER],
    ...bound.flatMap(({ source, target }) => ['--ro-bind', source, target]),
    ...['--remount-ro', '/', '--chdir', CODE_FOLDER],
  ];
}

/** Open to all as everywhere: where the server is root, bubblewrap would make it for root, and the function is not. */
function sharedMemory(): string[] {
  return ['--perms', '1777', '--size', String(SHARED_MEMORY_BYTES), '--tmpfs', '/dev/shm'];
}

function namespaces({ ownNetwork, userNamespace }: Sandbox): string[] {
  return [
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', HOSTNAME, '--unshare-cgroup-try'],
    ...(ownNetwork ? ['--unshare-net'] : []),
    ...(userNamespace ? ['--unshare-user', '--disable-userns'] : []),
  ];
}

/** Folders that bubblewrap makes on the way to a target are its own user's alone, unless they are made before. */
function openParents(targets: readonly string[]): string[] {
  const parents = new Set<string>();
  for (const target of targets) {
    const names = target.split('/').slice(1, -1);
    names.forEach((_, index) => parents.add(`/${names.slice(0, index + 1).join('/')}`));
  }
  return [...parents].flatMap((parent) => ['--perms', '0755', '--dir', parent]);
}
