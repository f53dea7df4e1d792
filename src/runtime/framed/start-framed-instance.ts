/** Starts an instance of a built-in language: code, folders, process, load, initializer. */
import { randomUUID } from 'node:crypto';
import { HOOK_TIMEOUT_SECONDS_DEFAULT } from '../../core/limits.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { FunctionSettings } from '../../core/resources.ts';
import { type CallHead, type Credentials, INITIALIZE, LOAD, type LoadHead } from '../framing/protocol.ts';
import type { Started } from '../instance.ts';
import { type EnclosedFunction, encloseFunction } from '../isolation/enclose-function.ts';
import type { Enclosure } from '../isolation/isolation.ts';
import { InstanceLog } from '../log/instance-log.ts';
import { madeUpCredentials } from '../made-up-credentials.ts';
import type { ExitStatus } from '../process/exit-status.ts';
import type { CommandLine } from '../process/shell.ts';
import { spawnSupervised, type SupervisedProcess } from '../process/supervised-process.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import type { InstanceSpec } from '../runtime.ts';
import { spawnRefusal } from '../spawn-refusal.ts';
import { initializerMark, startOutcome, withoutHello } from './call-end.ts';
import type { CallEnd } from './call-line.ts';
import { FramedInstance } from './framed-instance.ts';
import { functionEnvironment, splitFunctionName } from './function-environment.ts';
import { logPlace } from './log-place.ts';

/** What a language adds. */
export interface Language {
  /**
   * The process that speaks the framed protocol on file descriptor 3.
   *
   * @param placeOf where the instance finds a file of ours
   */
  command(settings: FunctionSettings, placeOf: (path: string) => string): CommandLine;
  isOutOfMemory(exit: ExitStatus, stderrEnd: string): boolean;
  /** How long a process that is out of time may go on after SIGTERM; 0 when it has nothing to say. */
  readonly terminationGraceMs: number;
}

interface Start {
  readonly options: RuntimeParts;
  readonly language: Language;
  readonly spec: InstanceSpec;
  readonly instanceId: string;
  readonly signal: AbortSignal;
}

/** For the code to load, before its initializer. Generous: a large package on a busy machine takes seconds. */
const LOAD_TIMEOUT_MS = 30_000;
const NOTHING = new Uint8Array();

/** Never rejects; leaves nothing behind when it gives none. */
export async function startFramedInstance(start: Start): Promise<Started> {
  const credentials = start.options.credentials ?? madeUpCredentials();
  let enclosure: Enclosure | undefined;
  let process: SupervisedProcess;
  try {
    const enclosed = await encloseFunction(start.options, start.spec, start.instanceId);
    enclosure = enclosed.enclosure;
    process = await spawn(start, enclosed, credentials);
  } catch (error) {
    await enclosure?.release();
    return { kind: 'none', outcome: spawnRefusal(error), logTail: '', maxMemoryMb: 0 };
  }
  const { log, instance } = assemble(start, process, enclosure);
  const head = loadHead(start, enclosure.codeFolder, credentials);
  log.begin(head.requestId);
  const outcome = await prepare(start, instance, log, head);
  const maxMemoryMb = outcome === undefined ? 0 : instance.process.maxMemoryMb;
  if (outcome !== undefined) await instance.destroy();
  const logTail = log.end(head.requestId);
  return outcome === undefined ? { kind: 'instance', instance } : { kind: 'none', outcome, logTail, maxMemoryMb };
}

function spawn(
  { options, language, spec, instanceId }: Start,
  { enclosure, layersFolder }: EnclosedFunction,
  credentials: Credentials,
): Promise<SupervisedProcess> {
  const { codeFolder, tempFolder } = enclosure;
  const command = language.command(spec.settings, (path) => enclosure.placeOf(path));
  return spawnSupervised({
    launch: enclosure.launch({ command, ownNetwork: options.ownNetwork }),
    environment: functionEnvironment({ spec, instanceId, codeFolder, layersFolder, tempFolder, credentials }),
    instanceId,
    dataFolderId: options.dataFolderId,
    view: enclosure,
  });
}

function assemble({ options, language, spec, instanceId }: Start, process: SupervisedProcess, enclosure: Enclosure) {
  const { account, functionName, versionId } = spec;
  const source = { instanceId, account, functionName, versionId };
  const { clock, logger, onLog } = options;
  const { stdout, stderr } = process;
  const log = new InstanceLog({ source, sink: onLog, monotonic: () => clock.monotonic(), stdout, stderr });
  const instance = new FramedInstance({
    spec,
    instanceId,
    process,
    log,
    clock,
    newRequestId: randomUUID,
    cleanUp: () => enclosure.release(),
    onSurvivors: () => logger.error(source, 'processes of an instance could not be ended'),
    isOutOfMemory: (exit, stderrEnd) => enclosure.exceeded() === 'memory' || language.isOutOfMemory(exit, stderrEnd),
    terminationGraceMs: language.terminationGraceMs,
  });
  enclosure.started({ pid: process.pid, end: () => process.end() }, (line) => log.line(line));
  return { log, instance };
}

/** Loads and initializes; undefined when the instance is ready. */
async function prepare(
  { spec, signal }: Start,
  instance: FramedInstance,
  log: InstanceLog,
  head: LoadHead,
): Promise<Outcome | undefined> {
  const { process } = instance;
  const loading = await process.call({ type: LOAD, head, payload: NOTHING, timeoutMs: LOAD_TIMEOUT_MS, signal });
  if (!process.saidHello) return notUp(instance, loading, log);
  const unloaded = startOutcome(loading, 'loaded');
  const { initializer } = spec.settings;
  if (unloaded !== undefined || initializer === null) return unloaded;

  log.line(`FC Initialize Start RequestId: ${head.requestId}`);
  const callHead: CallHead = { requestId: head.requestId, qualifier: '', retryCount: 0 };
  const timeoutMs = (initializer.timeoutSeconds || HOOK_TIMEOUT_SECONDS_DEFAULT) * 1000;
  const end = await process.call({ type: INITIALIZE, head: callHead, payload: NOTHING, timeoutMs, signal });
  log.line(`FC Initialize End RequestId: ${head.requestId}${initializerMark(end)}`);
  return startOutcome(end, 'initialized');
}

/** What it said last is known once its streams are read to their end. */
async function notUp(instance: FramedInstance, end: CallEnd, log: InstanceLog): Promise<Outcome> {
  await instance.destroy();
  const stderrEnd = Buffer.from(log.stderrEnd, 'latin1').toString();
  return withoutHello(end, { reachedProgram: instance.process.reachedProgram, stderrEnd });
}

function loadHead({ spec }: Start, codeFolder: string, credentials: Credentials): LoadHead {
  const { settings } = spec;
  return {
    requestId: randomUUID(),
    handler: settings.handler,
    initializer: settings.initializer?.handler ?? null,
    preStop: settings.preStop?.handler ?? null,
    codeFolder,
    ...splitFunctionName(spec.functionName),
    memoryMb: settings.memoryMb,
    timeoutSeconds: settings.timeoutSeconds,
    initializationTimeoutSeconds: settings.initializer?.timeoutSeconds ?? 0,
    versionId: spec.versionId,
    region: spec.region,
    accountId: spec.account,
    ...logPlace(settings.passive['logConfig']),
    credentials,
  };
}
