/**
 * The command line that makes a child die with the server and leave no core file.
 *
 * `setpriv --pdeathsig` asks the kernel to kill the child when the thread that spawned it ends; this is the only thing
 * that ends a child stuck in a loop when the server is killed outright. Where setpriv is missing, the child still ends
 * itself when its control pipe closes, unless it is stuck. Both commands replace themselves, so the pid stays the same.
 */
import { execFile } from 'node:child_process';

const SETPRIV = 'setpriv';
const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin';
const PROBE_TIMEOUT_MS = 5_000;

export interface Launcher {
  /** False when a child stuck in a loop would outlive a server that is killed. */
  readonly diesWithParent: boolean;
  /** The command and arguments to spawn instead. */
  wrap(command: string, args: readonly string[]): readonly [command: string, args: readonly string[]];
}

/** Looks once what the machine has. Children must be spawned from the main thread: the signal follows the thread. */
export async function probeLauncher(): Promise<Launcher> {
  const diesWithParent = await works(SETPRIV, ['--pdeathsig', 'KILL', '--', 'true']);
  const guard = diesWithParent ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];
  return {
    diesWithParent,
    wrap: (command, args) => ['/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', ...guard, command, ...args]],
  };
}

function works(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(command, args, { env: { PATH: SEARCH_PATH }, timeout: PROBE_TIMEOUT_MS }, (error) => {
      resolve(error === null);
    });
  });
}
