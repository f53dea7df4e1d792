/** Puts the runtime together: what the server needs to run functions on this machine. */
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { mkdir, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { PrivateTargets } from '../core/reachable-targets.ts';
import type { CodePackage, FunctionSettings, UsedLayer } from '../core/resources.ts';
import type { Logger } from '../telemetry/logger.ts';
import { CodeCache } from './code/code-cache.ts';
import { LayerFolders } from './code/layer-folders.ts';
import { createCustomRuntime } from './custom/custom-runtime.ts';
import type { Credentials } from './framing/protocol.ts';
import { createHttpRuntime } from './http/http-runtime.ts';
import type { FunctionRuntime } from './instance.ts';
import { chooseIsolation, type IsolationChoice } from './isolation/choose-isolation.ts';
import type { Isolation } from './isolation/isolation.ts';
import { removeTempFolder } from './isolation/temp-folder.ts';
import type { LogSink } from './log/instance-log.ts';
import { createNodejsRuntime } from './nodejs/nodejs-runtime.ts';
import { InstancePool } from './pool/instance-pool.ts';
import { killLeftovers } from './process/markers.ts';
import { type Launcher, probeLauncher } from './process/parent-death.ts';
import { createPythonRuntime, findPython } from './python/python-runtime.ts';
import type { RuntimePool } from './runtime.ts';

export interface RuntimePoolOptions {
  /** Where extracted code packages are kept; made when missing, and nobody else's. */
  readonly cacheFolder: string;
  /** Where each instance gets its own temp folder; emptied at start, and nobody else's. */
  readonly tempFolder: string;
  /**
   * Names the data folder, the same over restarts: processes that carry it are a former life's and are killed at start.
   * Letters, digits and `-`.
   */
  readonly dataFolderId: string;
  /** Gives a stored code zip by the hash of its bytes; undefined when there is none. */
  readonly loadPackage: (sha256: string) => Promise<Uint8Array | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes each line that a function logs. Must neither throw nor wait. */
  readonly onLog: LogSink;
  /** An instance that nobody used for so long is ended. */
  readonly idleMs: number;
  /** Live instances of this node. */
  readonly instancesMax: number;
  /** What stands between instances and the machine. `auto`: the best that the machine gives. */
  readonly isolation: IsolationChoice;
  /** `private`: instances have a network each, without a way out. */
  readonly functionNetwork: 'shared' | 'private';
  /** What is not public and may be called by functions of the `http` runtime all the same. */
  readonly privateTargets: PrivateTargets;
  /** What functions find as their temporary key; without it each instance gets a made-up one. */
  readonly credentials?: Credentials;
}

export interface Runtime {
  readonly pool: RuntimePool;
  readonly isolation: Pick<Isolation, 'tier' | 'gaps'>;
  /** The names of the runtimes that functions can have here. */
  readonly runtimes: readonly string[];
  /** Whether functions of this runtime have a code package. */
  needsCode(runtime: string): boolean;
  /** What is wrong with the settings of a function of a runtime that there is; undefined when nothing is. */
  settingsProblem(settings: FunctionSettings): string | undefined;
  /** Checks and unpacks a code zip; `problem` is a sentence for the caller. Stores nothing durable. */
  admitPackage(zip: Uint8Array): Promise<{ readonly package: CodePackage } | { readonly problem: string }>;
  /** Forgets the extracted folder of a package that no function has any more. */
  removePackage(sha256: string): Promise<void>;
  /** Ends all instances as the pool does, and removes what the machine was given for them. */
  close(graceMs: number): Promise<void>;
}

/**
 * Resolves once nothing of a former life of this data folder runs any more; no work may be queued again before.
 * To be called on the main thread: instances die with the thread that started them.
 */
export async function createRuntimePool(options: RuntimePoolOptions): Promise<Runtime> {
  const { clock, dataFolderId, logger, onLog, tempFolder } = options;
  const launcher = await probeLauncher();
  if (!(await killLeftovers(dataFolderId))) logger.error({}, 'processes of a former life could not be ended');
  await emptyFolder(tempFolder);

  const code = new CodeCache({ folder: options.cacheFolder, loadPackage: options.loadPackage, launcher });
  await code.open();

  const ensureCode = (sha256: string): Promise<string> => code.ensure(sha256);
  const layers = new LayerFolders({ folder: options.cacheFolder, ensureCode });
  await layers.open();
  const ensureLayers = (used: readonly UsedLayer[]): Promise<string | undefined> => layers.ensure(used);
  const isolation = await isolationFor(options, launcher);
  const ownNetwork = options.functionNetwork === 'private';
  const { credentials } = options;
  const parts = { ensureCode, ensureLayers, dataFolderId, isolation, ownNetwork, clock, logger, onLog, credentials };
  const python = await findPython();
  if (python === undefined) logger.info({}, 'there is no python3 on this machine: its runtimes are not offered');
  const runtimes: readonly FunctionRuntime[] = [
    createNodejsRuntime(parts),
    ...(python ? [createPythonRuntime(parts, python)] : []),
    createCustomRuntime(parts),
    createHttpRuntime({
      clock,
      onLog,
      privateTargets: options.privateTargets,
      lookup: (name) => lookup(name, { all: true }),
    }),
  ];
  const pool = new InstancePool({
    runtimes,
    clock,
    newInstanceId,
    idleMs: options.idleMs,
    instancesMax: Math.min(options.instancesMax, isolation.enclosuresMax),
    cores: availableParallelism(),
  });
  return {
    pool,
    isolation,
    runtimes: runtimes.flatMap(({ names }) => names),
    needsCode: (runtime) => runtimes.find(({ names }) => names.includes(runtime))?.needsCode ?? true,
    settingsProblem: (settings) =>
      runtimes.find(({ names }) => names.includes(settings.runtime))?.settingsProblem?.(settings),
    admitPackage: (zip) => code.admit(zip),
    removePackage: (sha256) => code.remove(sha256),
    async close(graceMs) {
      await pool.close(graceMs);
      await isolation.close();
    },
  };
}

/** Rejects with a sentence for the operator when the machine does not give what was asked for. */
async function isolationFor(options: RuntimePoolOptions, launcher: Launcher): Promise<Isolation> {
  const { cacheFolder: codeFolder, clock, dataFolderId, functionNetwork, logger, tempFolder } = options;
  const choice = options.isolation;
  const isolation = await chooseIsolation({ choice, clock, launcher, dataFolderId, codeFolder, tempFolder });
  if (functionNetwork === 'private' && isolation.tier !== 'bubblewrap') {
    throw new Error(
      'functions can have private networks in the isolation `bubblewrap` alone, which is not there or not asked for:' +
        ' install it (`apt install bubblewrap`), or set `functionNetwork` to `shared`',
    );
  }
  const { gaps, problems, tier } = isolation;
  logger.info({ isolation: tier, gaps, problems }, `functions are isolated by the tier ${tier}`);
  return isolation;
}

/** In the form of the service's: `c-62e79ddf-94afbf16df544183aa3d`. */
function newInstanceId(): string {
  const digits = randomBytes(14).toString('hex');
  return `c-${digits.slice(0, 8)}-${digits.slice(8)}`;
}

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  await Promise.all(names.map((name) => removeTempFolder(join(folder, name))));
}
