/** For the tests of this folder: real runtimes in folders of their own, running the functions of test/fixtures. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { ZipFile } from 'yazl';
import type { Clock } from '../core/clock.ts';
import { encodeHttpRequest, type HttpRequest } from '../core/http-request.ts';
import { type Execution, resultBytes } from '../core/outcome.ts';
import { NO_PRIVATE_TARGETS } from '../core/reachable-targets.ts';
import type { FunctionSettings } from '../core/resources.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { removeTree } from './code/remove-tree.ts';
import { createRuntimePool, type Runtime, type RuntimePoolOptions } from './create-runtime-pool.ts';
import { hasInEnvironment, livingProcesses } from './process/process-table.ts';
import type { EndReason, InstanceLease, InstanceSpec } from './runtime.ts';

const FUNCTIONS = join(import.meta.dirname, '../../test/fixtures/functions');

const NODEJS = { folder: 'nodejs', runtime: 'nodejs24' };
const PYTHON = { folder: 'python', runtime: 'python3' };

export const machineClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export type ZipContent = Readonly<Record<string, string | Buffer>>;

export function zipOf(files: ZipContent): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
    zip.outputStream.on('end', () => resolve(Buffer.concat(chunks)));
    zip.outputStream.on('error', reject);
  });
}

/** A folder that is gone when the test is over. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meanwhile-runtime-'));
  onTestFinished(() => removeTree(folder));
  return folder;
}

export interface Call {
  readonly event?: string;
  /** A request of an HTTP trigger, in the place of the event. */
  readonly request?: HttpRequest;
  readonly requestId?: string;
  readonly qualifier?: string;
  readonly retryCount?: number;
  readonly signal?: AbortSignal;
  readonly onBegin?: () => void;
}

export interface Bench {
  readonly runtime: Runtime;
  readonly folder: string;
  /** Lines that functions logged, as `requestId line`. */
  readonly lines: readonly string[];
  /** A spec for a function of test/fixtures, stored and ready to be acquired. */
  spec(file: string, settings?: Partial<FunctionSettings>): Promise<InstanceSpec>;
  acquire(spec: InstanceSpec, signal?: AbortSignal): Promise<InstanceLease>;
  /** One call of a function: acquire, invoke, release; also when there is no instance. */
  run(spec: InstanceSpec, call?: Call): Promise<Execution>;
}

/** A runtime; when the test is over it is closed, and must have left neither a process nor a temp folder. */
export async function openBench(options: Partial<RuntimePoolOptions> = {}): Promise<Bench> {
  const folder = await testFolder();
  const packages = new Map<string, Buffer>();
  const lines: string[] = [];
  const { dataFolderId = basename(folder), tempFolder = join(folder, 'temp') } = options;
  const runtime = await createRuntimePool({
    cacheFolder: join(folder, 'code'),
    loadPackage: (sha256) => Promise.resolve(packages.get(sha256)),
    clock: machineClock,
    logger: silentLogger,
    onLog: (_source, requestId, line) => lines.push(`${requestId} ${line}`),
    // What every machine has, and what lets a test look at the processes; test/fault/hostile has all tiers.
    isolation: 'process',
    idleMs: 60_000,
    instancesMax: 16,
    functionNetwork: 'shared',
    privateTargets: NO_PRIVATE_TARGETS,
    ...options,
    tempFolder,
    dataFolderId,
  });
  onTestFinished(async () => {
    await runtime.close(5_000);
    expect(processesOf(dataFolderId)).toEqual([]);
    expect(await readdir(tempFolder)).toEqual([]);
  });

  async function spec(file: string, settings: Partial<FunctionSettings> = {}): Promise<InstanceSpec> {
    const extension = extname(file);
    const { folder: language, runtime: name } = extension === '.py' ? PYTHON : NODEJS;
    const zip = await zipOf({ [`index${extension}`]: await readFile(join(FUNCTIONS, language, file)) });
    const sha256 = createHash('sha256').update(zip).digest('hex');
    packages.set(sha256, zip);
    return specOf({ runtime: name, ...settings, code: { sha256, sizeBytes: zip.length, checksum: '' } });
  }

  async function acquire(of: InstanceSpec, signal = new AbortController().signal): Promise<InstanceLease> {
    const acquired = await runtime.pool.acquire(of, { urgency: 'async', ahead: true, signal });
    if (acquired.kind === 'none') throw new Error(`no instance: ${describe(acquired.execution)}`);
    return acquired.lease;
  }

  async function run(of: InstanceSpec, call: Call = {}): Promise<Execution> {
    const signal = call.signal ?? new AbortController().signal;
    const acquired = await runtime.pool.acquire(of, { urgency: 'sync', ahead: false, signal });
    if (acquired.kind === 'none') return acquired.execution;
    const execution = await invoke(acquired.lease, { ...call, signal });
    acquired.lease.release();
    return execution;
  }

  return { runtime, folder, lines, spec, acquire, run };
}

export function invoke(lease: InstanceLease, call: Call = {}): Promise<Execution> {
  const { event = '', requestId = 'r-1', qualifier = 'LATEST', retryCount = 0 } = call;
  const payload = call.request === undefined ? Buffer.from(event) : encodeHttpRequest(call.request);
  const payloadForm = call.request === undefined ? 'event' : 'http-request';
  const signal = call.signal ?? new AbortController().signal;
  return lease.invoke({ requestId, payload, payloadForm, qualifier, retryCount, taskId: null }, signal, call.onBegin);
}

let specCount = 0;

/** Each call gives a key of its own. */
export function specOf(settings: Partial<FunctionSettings>): InstanceSpec {
  specCount += 1;
  return {
    key: `key-${specCount}`,
    account: '1000000000000000',
    functionName: `function-${specCount}`,
    versionId: '0',
    region: 'local',
    settings: {
      runtime: 'nodejs24',
      handler: 'index.handler',
      code: { sha256: '', sizeBytes: 0, checksum: '' },
      timeoutSeconds: 20,
      memoryMb: 128,
      environment: {},
      initializer: null,
      preStop: null,
      description: '',
      instanceConcurrency: 1,
      passive: {},
      ...settings,
    },
  };
}

/** What the caller gets, as text. */
export function resultText(execution: Execution): string {
  return Buffer.from(resultBytes(execution)).toString();
}

/** The error document that the caller gets. */
export function errorDocument(execution: Execution): { errorMessage: string; errorType: string; stackTrace: string[] } {
  return JSON.parse(resultText(execution)) as { errorMessage: string; errorType: string; stackTrace: string[] };
}

export function abortAs(controller: AbortController, reason: EndReason): void {
  controller.abort(reason);
}

/** Pids of living processes of a data folder's instances. */
export function processesOf(dataFolderId: string): number[] {
  const marker = `MEANWHILE_DATA_FOLDER_ID=${dataFolderId}`;
  return livingProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => hasInEnvironment(pid, marker));
}

/** Polls until the condition holds; fails the test when it does not within the bound. */
export async function eventually(condition: () => boolean, boundMs = 10_000): Promise<void> {
  await expect.poll(condition, { timeout: boundMs, interval: 5 }).toBe(true);
}

function describe(execution: Execution): string {
  const { outcome } = execution;
  return outcome.kind === 'no-instance' ? outcome.reason : `${outcome.kind} ${resultText(execution)}`;
}
