/**
 * The composition root, in the order that the data flows: requests come in through `http`, become operations of
 * `service`, are kept by `store`, claimed and run by `dispatcher` on instances of `runtime`, and their ends are told to
 * `destination`. The only file that imports every layer.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from './config/config.ts';
import { isNotFound } from './core/errors.ts';
import { MIB } from './core/limits.ts';
import { NO_PRIVATE_TARGETS } from './core/reachable-targets.ts';
import type { Destination } from './destination/destination.ts';
import { FunctionDestination } from './destination/function/function-destination.ts';
import { Dispatcher } from './dispatcher/dispatcher.ts';
import { type FirstKeyPair, prepareFirstKey } from './first-key.ts';
import type { Health } from './http/admin/health-operation.ts';
import { type HttpServer, createHttpServer } from './http/server.ts';
import { newRequestId } from './http/shared/request-id.ts';
import { type OpenedStore, openStore } from './open-store.ts';
import { createRuntimePool, type Runtime } from './runtime/create-runtime-pool.ts';
import { ensureFirstKey, getAccessKey, listAccessKeys } from './service/access-keys.ts';
import { FunctionDirectory } from './service/function-directory.ts';
import { provisionedRunnables } from './service/provision-config.ts';
import { removeUnusedPackages } from './service/remove-unused-packages.ts';
import { functionSource } from './service/resource-store.ts';
import { ensureIdentity, type ServerIdentity } from './service/server-identity.ts';
import type { ServiceContext } from './service/service-context.ts';
import { agreeOnFirstKey } from './service/shared-first-key.ts';
import type { Store } from './store/store.ts';
import { systemClock as clock } from './system-clock.ts';
import type { Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { startWatchdog, type Watchdog } from './watchdog/watchdog.ts';

/** The lines around what a function prints: two for each execution, which say little that its task does not. */
const EXECUTION_MARK = /^FC (Invoke|Initialize|PreStop) (Start|End) RequestId: /;

/**
 * How long a change of a function by another node can go unseen when not even the look at the version of the records,
 * once a second, gets an answer.
 */
const UNSEEN_CHANGE_MS_MAX = 10_000;

/** Room for the largest result that is kept and a payload of the default limit, escaped. */
const DOCUMENT_BYTES_MAX = 4 * MIB;

export interface RunningServer {
  readonly url: string;
  /** The operator's pair when this start made it: to be shown once. */
  readonly firstKeyPair: FirstKeyPair | null;
  /** Where the operator's pair is kept; null when the settings give it. */
  readonly keysFile: string | null;
  /** Resolves with the reason when the server must end by itself. */
  readonly failed: Promise<Error>;
  /** Takes no more requests, lets what runs end within the grace, and closes the store. */
  close(): Promise<void>;
}

/** Resolves once requests are served. Rejects with a sentence for the operator when it cannot start. */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const failure = Promise.withResolvers<Error>();
  const metrics = createMetrics();
  const onFatal = (reason: string): void => {
    failure.resolve(new Error(reason));
  };
  const opened = await openStore(config, { logger, metrics, onFatal });
  const parts = { config, logger, metrics, opened, store: opened.store, nodeId: randomUUID(), fail: failure.resolve };
  try {
    const server = await assemble(parts);
    return { ...server, failed: failure.promise };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly opened: OpenedStore;
  readonly store: Store;
  /** Random per start: a restarted node is another node. */
  readonly nodeId: string;
  readonly fail: (error: Error) => void;
}

async function assemble(parts: Parts): Promise<Omit<RunningServer, 'failed'>> {
  const { config, store, metrics } = parts;
  const identity = await ensureIdentity(store, {
    sealingKey: randomBytes(32).toString('hex'),
    dataId: randomUUID(),
  });
  const functions = new FunctionDirectory({
    source: functionSource(store),
    now: () => clock.now(),
    random: Math.random,
    // Where this process alone has the store, every change is made here.
    maxAgeMs: store.sharing === null ? Number.POSITIVE_INFINITY : UNSEEN_CHANGE_MS_MAX,
  });
  const runtime = await createRuntime(parts, identity);
  const destinations = createDestinations(config, functions);
  const dispatcher = createDispatcher(parts, { functions, runtime, destinations });
  const context = createContext(parts, { identity, functions, runtime, destinations, dispatcher });

  const firstKey = await prepareFirstKey(config, {
    ensure: (pair) => ensureFirstKey(context, { ...pair, operator: true, enabled: true, securityToken: null }),
    agree: async (pair) => (store.sharing === null ? pair : await agreeOnFirstKey(store, pair)),
    list: () => listAccessKeys(context),
  });
  if (firstKey.others.length > 0) {
    parts.logger.warn(
      { accessKeyIds: firstKey.others },
      'other key pairs than the one of the settings may manage access keys too; disable one with `meanwhile keys disable`',
    );
  }
  metrics.observe(async () => ({
    tasks: await store.countTasks(),
    instances: runtime.pool.instances(),
    nodeCount: (await store.sharing?.liveNodes())?.length ?? 1,
    leaseMs: dispatcher.leaseMs,
  }));
  const http = createFront(parts, context, { dispatcher, runtime });

  await takeOver(parts);
  await dispatcher.start();
  const { url } = await http.listen();
  const watchdog = watch(parts);
  const close = async () => {
    await closeInOrder(parts, { http, dispatcher, runtime });
    await watchdog?.stop();
  };
  return { url, firstKeyPair: firstKey.made, keysFile: firstKey.file, close };
}

/**
 * Ends the lease of the node that had the data folder before, so that its tasks go on now rather than when that lapses.
 * It is dead, for the folder's lock went with it, and what it left running was killed when the runtime was created.
 */
async function takeOver({ opened, store, nodeId }: Parts): Promise<void> {
  const { folder } = opened;
  if (folder === null) return;
  if (folder.formerNodeId !== null) await store.endLease(folder.formerNodeId);
  await folder.keepNodeId(nodeId);
}

async function createRuntime({ config, logger, opened, store }: Parts, { dataId }: ServerIdentity): Promise<Runtime> {
  return await createRuntimePool({
    cacheFolder: join(config.dataDir, 'code'),
    tempFolder: join(config.dataDir, 'instances'),
    dataFolderId: opened.folder?.folderId ?? dataId,
    loadPackage: (sha256) => store.getPackage(sha256),
    clock,
    logger,
    onLog: (source, requestId, line) => {
      if (config.functionLogs === 'none') return;
      if (EXECUTION_MARK.test(line)) logger.debug({ ...source, requestId }, line);
      else logger.info({ ...source, requestId }, line);
    },
    idleMs: config.instanceIdleSeconds * 1000,
    instancesMax: config.instancesMax,
    isolation: config.isolation,
    functionNetwork: config.functionNetwork,
    privateTargets: config.privateTargets ?? NO_PRIVATE_TARGETS,
  });
}

function createDestinations(config: Config, functions: FunctionDirectory): ReadonlyMap<string, Destination> {
  const destinations = [
    new FunctionDestination({
      region: config.region,
      documentBytesMax: DOCUMENT_BYTES_MAX,
      newRequestId: () => newRequestId(clock.now()),
      findTarget: async (key, qualifier) => {
        try {
          await functions.resolve(key, qualifier);
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
        return { config: await functions.asyncConfig(key, qualifier) };
      },
    }),
  ];
  return new Map(destinations.map((destination) => [destination.service, destination]));
}

interface Engines {
  readonly functions: FunctionDirectory;
  readonly runtime: Runtime;
  readonly destinations: ReadonlyMap<string, Destination>;
}

function createDispatcher({ config, logger, metrics, store, nodeId, fail }: Parts, engines: Engines): Dispatcher {
  const { functions, runtime, destinations } = engines;
  return new Dispatcher({
    store,
    pool: runtime.pool,
    destinations,
    functions: {
      resolve: (key, qualifier) => functions.resolve(key, qualifier),
      policy: (key) => functions.policy(key),
      mustEnd: (key) => functions.mustEnd(key),
      forget: (changed) => {
        functions.forgetChanged(changed);
      },
      provisioned: () => provisionedRunnables({ store, functions }),
      removeUnusedPackages: async () => {
        const removed = await removeUnusedPackages(store, clock.now());
        await Promise.all(removed.map((sha256) => runtime.removePackage(sha256)));
      },
    },
    clock,
    random: Math.random,
    logger,
    metrics,
    nodeId,
    settings: {
      region: config.region,
      leaseMs: config.leaseSeconds * 1000,
      retentionMs: config.retentionDays * 86_400_000,
    },
    onBug: (error) => {
      logger.error({ err: error }, 'a fault of the server: it ends, so that it can be started anew');
      fail(error instanceof Error ? error : new Error(String(error)));
    },
  });
}

function createContext(
  { config, store }: Parts,
  made: Engines & { readonly identity: ServerIdentity; readonly dispatcher: Dispatcher },
): ServiceContext {
  const { runtime, destinations } = made;
  return {
    store,
    engine: made.dispatcher,
    functions: made.functions,
    packages: {
      admit: (zip) => runtime.admitPackage(zip),
      runtimes: runtime.runtimes,
      needsCode: (name) => runtime.needsCode(name),
      settingsProblem: (settings) => runtime.settingsProblem(settings),
    },
    destinations: {
      check: (arn, account) => destinations.get(arn.service)?.check(arn, account),
      services: [...destinations.keys()],
    },
    settings: {
      region: config.region,
      accountId: config.accountId,
      triggerBaseUrl: config.triggerBaseUrl,
      asyncPayloadBytesMax: config.asyncPayloadBytesMax,
      delaySecondsMax: config.delaySecondsMax,
      backlogMax: config.backlogMax,
      sealingKey: Buffer.from(made.identity.sealingKey, 'hex'),
    },
    now: () => clock.now(),
    random: Math.random,
    newUuid: randomUUID,
  };
}

interface Healthy {
  readonly dispatcher: Dispatcher;
  readonly runtime: Pick<Runtime, 'isolation'>;
}

function createFront(parts: Parts, context: ServiceContext, healthy: Healthy): HttpServer {
  const { config, logger, metrics } = parts;
  return createHttpServer({
    context,
    findKey: (accessKeyId) => getAccessKey(context, accessKeyId),
    health: () => healthOf(parts, healthy),
    metrics: () => metrics.text(),
    logger,
    signatures: config.signatures,
    answered: (status) => {
      metrics.httpAnswered(status);
    },
    host: config.listen.host,
    port: config.listen.port,
  });
}

/** Also over the end: one that hangs is ended like any other standstill. */
function watch({ config, store, fail }: Parts): Watchdog | undefined {
  if (config.hangSeconds === 0) return undefined;
  const storeWaitMs = () => store.health().waitMs ?? 0;
  return startWatchdog({ hangMs: config.hangSeconds * 1000, storeWaitMs, onBug: fail });
}

function healthOf({ config, nodeId, store }: Parts, { dispatcher, runtime }: Healthy): Health {
  const { ok, reason } = store.health();
  const reasons = ok ? [] : [reason];
  const isShared = store.sharing !== null;
  // The others do its work meanwhile, and better without its callers waiting for a store that it does not reach.
  if (isShared && dispatcher.leaseMs <= 0) reasons.push('this node could not renew its lease and runs nothing');
  const node = { id: nodeId, store: config.store.engine, role: isShared ? 'shared' : 'alone' } as const;
  const { tier, gaps } = runtime.isolation;
  return { ok: reasons.length === 0, reasons, node, isolation: { tier, gaps } };
}

interface Closing {
  readonly http: HttpServer;
  readonly dispatcher: Dispatcher;
  readonly runtime: Runtime;
}

/** From the outside in: nothing new comes, what runs ends or is given back, then the processes, then the store. */
async function closeInOrder({ config, opened }: Parts, { http, dispatcher, runtime }: Closing): Promise<void> {
  const graceMs = config.stopGraceSeconds * 1000;
  try {
    await Promise.all([http.close(graceMs), dispatcher.close(graceMs)]);
  } finally {
    // Pre-stop hooks run and processes end, whatever became of the rest.
    await runtime.close(graceMs);
  }
  await opened.close();
}
