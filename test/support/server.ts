/** A server in a process of its own, on any free port and a data folder of its own. */
import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, type Environment, spawnMeanwhile } from './command.ts';
import { postgresAddress } from './postgres-address.ts';
import { descendantsOf, type ProcessEntry, remainders } from './processes.ts';
import { until } from './until.ts';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** The operator's pair of every server that these tests start. */
export const OPERATOR: KeyPair = { accessKeyId: 'ACCEPTANCE', accessKeySecret: 'acceptance-secret-of-no-value' };

export interface ServerOptions {
  /** Settings beside the usual ones. */
  readonly env?: Environment;
  /** A folder to go on with; the default is a new one. */
  readonly dataDir?: string;
  /** A program that starts the server and becomes it, with its arguments. */
  readonly under?: readonly string[];
}

export class Server {
  /** `http://127.0.0.1:port`; another port after each start. */
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #stdout: () => string;
  readonly #stderr: () => string;
  readonly #exit: Promise<number | null>;

  constructor(started: Started, url: string, pid: number) {
    this.url = url;
    this.dataDir = started.dataDir;
    this.pid = pid;
    this.#child = started.child;
    this.#stdout = started.stdout;
    this.#stderr = started.stderr;
    this.#exit = started.exit;
  }

  /** `127.0.0.1:port`, as the SDK and the Host header want it. */
  get host(): string {
    return new URL(this.url).host;
  }

  get stdout(): string {
    return this.#stdout();
  }

  get logs(): string {
    return this.#stderr();
  }

  /** The exit code; null when a signal ended it. Resolves when it has ended. */
  get exit(): Promise<number | null> {
    return this.#exit;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** SIGTERM. Rejects unless it ends with 0 and leaves no process behind. */
  async stop(): Promise<void> {
    const exitCode = await this.#end('SIGTERM');
    if (exitCode !== 0) throw new Error(`the server ended with ${exitCode}, not 0:\n${this.logs}`);
  }

  /** SIGKILL, in the middle of whatever it does. Rejects when a process of it lives on. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** For one that ends by itself: resolves with the exit code once no process of it is left. */
  async gone(): Promise<number | null> {
    return await this.#leaveNothing([]);
  }

  /** Deletes the data folder; for after the end, where many servers follow each other. `endServers` does it for all others. */
  async removeData(): Promise<void> {
    await removeFolder(this.dataDir);
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const family = descendantsOf(this.pid);
    this.signal(signal);
    return await this.#leaveNothing(family);
  }

  async #leaveNothing(family: readonly ProcessEntry[]): Promise<number | null> {
    const exitCode = await this.#exit;
    await until(`no process of server ${this.pid} is left`, () => remainders(family, this.dataDir).length === 0);
    return exitCode;
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly dataDir: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exit: Promise<number | null>;
}

/** A start takes a second; many times that on a machine that is busy with other things. */
const START_MAX_MS = 60_000;

/** Those that have been started and not ended, so that a test that fails leaves none behind. */
const running = new Set<ChildProcess>();
/** Of servers that were given none. */
const dataFolders = new Set<string>();

/** Kills every server that is still there, and removes the data of all that were given no folder. */
export async function endServers(): Promise<void> {
  for (const child of running) {
    const exit = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await exit;
  }
  await Promise.all([...dataFolders].map(removeFolder));
}

async function removeFolder(dataDir: string): Promise<void> {
  // The code of functions is read-only, and only root removes what is in such folders.
  await new Promise((resolve) => execFile('chmod', ['-R', 'u+w', dataDir], resolve));
  await rm(dataDir, { recursive: true, force: true });
  dataFolders.delete(dataDir);
}

async function newDataFolder(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'meanwhile-acceptance-'));
  dataFolders.add(dataDir);
  return dataDir;
}

/** Resolves once the ready line is there. Rejects with the log when the server ends instead. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const dataDir = options.dataDir ?? (await newDataFolder());
  const env = { ...settings(dataDir), ...(await storeSettings(dataDir)), ...options.env };
  const child = spawnMeanwhile(['serve'], env, options.under);
  running.add(child);
  child.once('close', () => running.delete(child));
  const started: Started = {
    child,
    dataDir,
    stdout: collect(child.stdout),
    stderr: collect(child.stderr),
    exit: new Promise((resolve) => child.once('close', (code) => resolve(code))),
  };
  const url = await readyUrl(started);
  if (child.pid === undefined) throw new Error('a server that is ready has a process id');
  return new Server(started, url, child.pid);
}

function settings(dataDir: string): Environment {
  return {
    MEANWHILE_LISTEN: '127.0.0.1:0',
    MEANWHILE_DATA_DIR: dataDir,
    MEANWHILE_ACCESS_KEY_ID: OPERATOR.accessKeyId,
    MEANWHILE_ACCESS_KEY_SECRET: OPERATOR.accessKeySecret,
    // Tests and functions meet in files of the machine; test/fault/hostile has servers of every tier.
    MEANWHILE_ISOLATION: 'process',
    // What still runs when a test file ends is nobody's business any more.
    MEANWHILE_STOP_GRACE_SECONDS: '1',
  };
}

/** With `MEANWHILE_TEST_STORE=postgres` each data folder has a schema in the run's database; a server that goes on with the folder has it again. */
async function storeSettings(dataDir: string): Promise<Environment> {
  if (process.env['MEANWHILE_TEST_STORE'] !== 'postgres') return {};
  const schema = `of_${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  return { MEANWHILE_STORE: await postgresAddress(schema) };
}

async function readyUrl({ exit, stdout, stderr }: Started): Promise<string> {
  let end: { readonly code: number | null } | undefined;
  void exit.then((code) => (end = { code }));
  const readyLine = () => /^.*(http:\/\/\S+:\d+).*\n/.exec(stdout())?.[1];
  // Looked for until then and not a minute longer, which would keep a run of faults from its end.
  const url = await until('the ready line is printed', () => readyLine() ?? (end && 'none'), START_MAX_MS);
  if (url !== 'none') return url;
  throw new Error(`the server ended with ${end?.code} before it was ready:\n${stderr()}`);
}
