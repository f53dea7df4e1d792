/**
 * A PostgreSQL server of a test's own, in a folder of its own, reached by a Unix socket there: made, started, ended one
 * way or another, and started again. It ends with the process that started it, however that ends, and runs as another
 * user where this one is root, whom PostgreSQL refuses.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { findPostgresBinaries } from './postgres-binaries.ts';

/** Of the superuser, who has no password. */
const USER = 'meanwhile';
/** `nobody`, wherever there are users at all. */
const UNPRIVILEGED_ID = 65_534;

/** `fast` breaks off what is under way, `immediate` as a crash does, leaving the recovery to the next start. */
export type Ending = 'fast' | 'immediate';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

export class PostgresCluster {
  readonly folder: string;
  readonly #binaries: string;
  #following: readonly string[] = [];
  #running: { readonly child: ChildProcess; readonly pid: number; readonly ended: Promise<unknown> } | undefined;

  private constructor(folder: string, binaries: string) {
    this.folder = folder;
    this.#binaries = binaries;
  }

  /** A new one, not started. */
  static async create(): Promise<PostgresCluster> {
    const cluster = await PostgresCluster.#inNewFolder();
    const initdb = join(cluster.#binaries, 'initdb');
    await run(initdb, ['-D', cluster.data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
    return cluster;
  }

  /** One with the same content, for a standby. Neither is running. */
  async copy(): Promise<PostgresCluster> {
    const copy = await PostgresCluster.#inNewFolder();
    await run('cp', ['-a', this.data, copy.data]);
    return copy;
  }

  static async #inNewFolder(): Promise<PostgresCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'meanwhile-pg-'));
    await own(folder);
    await chmod(folder, 0o700);
    return new PostgresCluster(folder, await findPostgresBinaries(join(folder, 'native')));
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Of the postmaster; throws when it does not run. */
  get pid(): number {
    if (this.#running === undefined) throw new Error('the PostgreSQL server does not run');
    return this.#running.pid;
  }

  /** Of an empty database, through its socket. */
  get url(): string {
    return `postgres://${USER}@/postgres?host=${encodeURIComponent(this.folder)}`;
  }

  /** From its next start on it follows the server that the address (as libpq's keywords) leads to. */
  async follow(primary: string): Promise<void> {
    await this.putFile('standby.signal', '');
    this.#following = [`primary_conninfo=${primary}`];
  }

  /** Into its data folder, readable for nobody else. */
  async putFile(name: string, content: string): Promise<void> {
    const path = join(this.data, name);
    await writeFile(path, content);
    await own(path);
    await chmod(path, 0o600);
  }

  /** As the superuser, on a connection of its own. */
  async query(sql: string): Promise<void> {
    const client = new Client(this.url);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  /**
   * Resolves once it takes connections.
   *
   * @param settings as `name=value`
   */
  async start(settings: readonly string[] = []): Promise<void> {
    const all = ['listen_addresses=', `unix_socket_directories=${this.folder}`, ...this.#following, ...settings];
    const flags = all.flatMap((setting) => ['-c', setting]);
    // The shell lives as long as its standard input, which the system closes with this process.
    const guarded = '"$@" & server=$!; read -r _; kill -INT $server 2>/dev/null; wait $server';
    const command = [join(this.#binaries, 'postgres'), '-D', this.data, ...flags];
    const child = spawn('sh', ['-c', guarded, 'sh', ...command], {
      ...identity(),
      env: {},
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = once(child, 'close');
    await ready(createInterface(child.stderr));
    const pid = Number((await readFile(join(this.data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    this.#running = { child, pid, ended };
  }

  /** Does nothing when it does not run. */
  async end(how: Ending = 'fast'): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    process.kill(running.pid, SIGNALS[how]);
    running.child.stdin?.end();
    await running.ended;
  }

  /** Ends it, and leaves nothing. */
  async remove(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function identity(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
}

async function own(path: string): Promise<void> {
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const env = { PATH: process.env['PATH'] };
  const child = spawn(command, args, { ...identity(), env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${errors}`);
}

/** Keeps reading afterwards: a full pipe would stop the server. */
async function ready(lines: ReturnType<typeof createInterface>): Promise<void> {
  const seen: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      seen.push(line);
      // As a standby says it, it is ready to accept read-only ones.
      if (/ready to accept (read-only )?connections/.test(line)) resolve();
    });
    lines.once('close', () => {
      reject(new Error(`the PostgreSQL server did not start: ${seen.join('\n')}`));
    });
  });
}
