/** `npm run cold-start`: how long a cold start takes in each isolation, from asking for an instance to its first result. Figures for docs/isolation.md. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import { NO_PRIVATE_TARGETS } from '../src/core/reachable-targets.ts';
import { removeTree } from '../src/runtime/code/remove-tree.ts';
import { createRuntimePool, type Runtime } from '../src/runtime/create-runtime-pool.ts';
import type { InstanceSpec } from '../src/runtime/runtime.ts';
import { systemClock } from '../src/system-clock.ts';
import { silentLogger } from '../src/telemetry/logger.ts';

const STARTS = 20;
const FUNCTIONS = [
  { runtime: 'nodejs24', file: 'index.js', source: 'exports.handler = async (event) => event;' },
  { runtime: 'python3', file: 'index.py', source: 'def handler(event, context):\n    return event\n' },
] as const;

for (const isolation of ['process', 'require'] as const) {
  const folder = await mkdtemp(join(tmpdir(), 'meanwhile-cold-start-'));
  const runtime = await createRuntimePool({
    cacheFolder: join(folder, 'code'),
    tempFolder: join(folder, 'instances'),
    dataFolderId: `cold-start-${process.pid}`,
    loadPackage: () => Promise.resolve(undefined),
    clock: systemClock,
    logger: silentLogger,
    onLog: () => undefined,
    idleMs: 60_000,
    instancesMax: 8,
    isolation,
    functionNetwork: 'shared',
    privateTargets: NO_PRIVATE_TARGETS,
  });
  for (const { runtime: name, file, source } of FUNCTIONS) {
    const spec = await specOf(runtime, name, { [file]: source });
    const tookMs: number[] = [];
    // The first reads files from the disk that later ones find in memory.
    for (let start = 0; start <= STARTS; start += 1)
      tookMs.push(await coldStart(runtime, { ...spec, key: `${start}` }));
    const sorted = tookMs.slice(1).sort((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor((STARTS - 1) * share)] ?? 0).toFixed(0);
    process.stdout.write(`${runtime.isolation.tier} ${name}: ${at(0.5)} ms median of ${STARTS}, ${at(0)} ms at best\n`);
  }
  await runtime.close(1_000);
  await removeTree(folder);
}

async function coldStart({ pool }: Runtime, spec: InstanceSpec): Promise<number> {
  const { signal } = new AbortController();
  const startedMs = performance.now();
  const acquired = await pool.acquire(spec, { urgency: 'sync', ahead: false, signal });
  if (acquired.kind === 'none') throw new Error(`no instance: ${JSON.stringify(acquired.execution.outcome)}`);
  const payload = Buffer.from('hi');
  const call = {
    requestId: 'r-1',
    payload,
    payloadForm: 'event',
    qualifier: 'LATEST',
    retryCount: 0,
    taskId: null,
  } as const;
  const { outcome } = await acquired.lease.invoke(call, signal);
  const tookMs = performance.now() - startedMs;
  if (outcome.kind !== 'returned') throw new Error(`not returned: ${JSON.stringify(outcome)}`);
  acquired.lease.release();
  pool.retire(spec.account, spec.functionName);
  // So that the end of one is no part of the start of the next.
  while (pool.instances().some(({ status }) => status !== 'Destroyed')) await setTimeout(1);
  return tookMs;
}

async function specOf(made: Runtime, runtime: string, files: Readonly<Record<string, string>>): Promise<InstanceSpec> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const admitted = await made.admitPackage(await buffer(zip.outputStream));
  if ('problem' in admitted) throw new Error(admitted.problem);
  return {
    key: '',
    account: '1000000000000000',
    functionName: runtime,
    versionId: '0',
    region: 'local',
    settings: {
      runtime,
      handler: 'index.handler',
      code: admitted.package,
      layers: [],
      timeoutSeconds: 20,
      memoryMb: 128,
      environment: {},
      initializer: null,
      preStop: null,
      description: '',
      instanceConcurrency: 1,
      passive: {},
    },
  };
}
