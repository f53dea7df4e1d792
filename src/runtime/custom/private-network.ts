/**
 * A network of its own for an instance, in which every port is free: a network namespace with nothing but loopback. The
 * server reaches it through a socket file. What runs in it reaches nothing outside, so it is the operator's choice.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Launcher } from '../process/parent-death.ts';

const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const UNSHARE = 'unshare';
const PROBE_TIMEOUT_MS = 5_000;
const FORWARDER = join(import.meta.dirname, 'bootstrap-forwarder.cjs');

/** The kernel's limit for a socket's path, less its end mark. */
const SOCKET_PATH_BYTES_MAX = 107;

/**
 * Brings loopback up, leaves the forwarder behind and becomes the server, whose pid is then that of the instance.
 * Arguments: the search path for `ip`, setpriv where there is one, Node.js, the forwarder and its two, the server's command.
 */
const SCRIPT = `
PATH="$1" ip link set lo up || exit 125
if [ -n "$2" ]; then "$2" --pdeathsig KILL -- "$3" "$4" "$5" "$6" </dev/null & else "$3" "$4" "$5" "$6" </dev/null & fi
shift 6
exec "$@"
`;

export interface PrivateNetwork {
  readonly port: number;
  readonly socketPath: string;
}

/** Whether this machine lets us make one. */
export function canHavePrivateNetwork(): Promise<boolean> {
  const options = { env: { PATH: SEARCH_PATH }, timeout: PROBE_TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(UNSHARE, ['--net', '--', 'ip', 'link', 'set', 'lo', 'up'], options, (error) => resolve(error === null));
  });
}

/** The command to spawn instead. Throws when the path of the socket is too long. */
export function inPrivateNetwork(
  command: readonly string[],
  { port, socketPath }: PrivateNetwork,
  launcher: Launcher,
): readonly [command: string, ...args: string[]] {
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES_MAX) {
    throw new Error(`the path of the data folder is too long for a socket in it: ${socketPath}`);
  }
  // It dies with the server process of the instance, which is its parent.
  const guard = launcher.diesWithParent ? 'setpriv' : '';
  const forwarder = [guard, process.execPath, FORWARDER, socketPath, String(port)];
  const script = ['sh', '-c', SCRIPT, 'sh', SEARCH_PATH, ...forwarder, ...command];
  return [UNSHARE, '--net', '--', ...script];
}
