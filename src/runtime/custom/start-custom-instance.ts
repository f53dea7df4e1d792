/** Starts an instance of a program of the user's: code, folders, port, runtime API, process, readiness, initializer. */
import { dirname } from 'node:path';
import type { Outcome } from '../../core/outcome.ts';
import { initializationError } from '../error-document.ts';
import { functionEnvironment } from '../framed/function-environment.ts';
import type { Credentials } from '../framing/protocol.ts';
import type { Started } from '../instance.ts';
import { encloseFunction } from '../isolation/enclose-function.ts';
import type { Enclosure } from '../isolation/isolation.ts';
import { InstanceLog } from '../log/instance-log.ts';
import { madeUpCredentials } from '../made-up-credentials.ts';
import { spawnSupervised, type SupervisedProcess } from '../process/supervised-process.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import type { InstanceSpec } from '../runtime.ts';
import { spawnRefusal } from '../spawn-refusal.ts';
import { CustomInstance } from './custom-instance.ts';
import type { PortBook } from './port-book.ts';
import { behindDoors } from './private-network.ts';
import { callProgram, isServer, openReach, type Reach } from './reach.ts';
import { type Readiness, waitUntilReady } from './readiness.ts';
import type { ServerCall, ServerCallEnd } from './server-call.ts';
import { initializeOutcome } from './server-outcome.ts';
import { configuredPort, SERVICE_FOLDERS, startCommand } from './start-command.ts';

export interface CustomStart {
  readonly options: RuntimeParts;
  readonly ports: PortBook;
  readonly spec: InstanceSpec;
  readonly instanceId: string;
  readonly signal: AbortSignal;
}

interface Place extends Reach {
  readonly enclosure: Enclosure;
  readonly layersFolder: string | undefined;
  readonly credentials: Credentials;
}

/** For the program to take its first call. */
const START_TIMEOUT_MS = 30_000;
/** Of the log of a start that failed so much is shown in the error. */
const LOG_SHOWN_CHARACTERS = 1024;

/** Never rejects; leaves nothing behind when it gives none. */
export async function startCustomInstance(start: CustomStart): Promise<Started> {
  const { instanceId, options, ports, spec } = start;
  let enclosure: Enclosure | undefined;
  let place: Place | undefined;
  const cleanUp = async (): Promise<void> => {
    place?.api.close();
    ports.giveBack(place?.port ?? 0);
    await enclosure?.release();
  };
  let assembled: Assembled;
  try {
    const enclosed = await encloseFunction(options, spec, instanceId);
    enclosure = enclosed.enclosure;
    const credentials = options.credentials ?? madeUpCredentials();
    const reach = await openReach(spec.settings, { ...options, ports, folder: enclosure.folder });
    place = { ...enclosed, credentials, ...reach };
    assembled = assemble(start, await spawn(start, place), { place, cleanUp });
  } catch (error) {
    await cleanUp();
    return { kind: 'none', outcome: spawnRefusal(error), logTail: '', maxMemoryMb: 0 };
  }
  return bringUp(start, assembled);
}

function spawn({ options, spec, instanceId }: CustomStart, place: Place): Promise<SupervisedProcess> {
  const { apiAddress, credentials, doors, enclosure, layersFolder, port } = place;
  const { codeFolder, tempFolder } = enclosure;
  const placeOf = (path: string): string => enclosure.placeOf(path);
  const program = startCommand(spec.settings, { codeFolder, layersFolder });
  const command = doors === undefined ? program : behindDoors(program, doors, { tempFolder, placeOf });
  const described = functionEnvironment({ spec, instanceId, codeFolder, layersFolder, tempFolder, credentials });
  const path = described['PATH'] ?? '';
  return spawnSupervised({
    launch: enclosure.launch({ command, ownNetwork: options.ownNetwork }),
    environment: {
      ...described,
      // Function Compute's images have a Node.js; ours is the one that is sure to be here.
      PATH: 'PATH' in spec.settings.environment ? path : `${path}:${dirname(placeOf(process.execPath))}`,
      ...(port > 0 && { FC_SERVER_PORT: String(port), FC_CUSTOM_LISTEN_PORT: String(port) }),
      FC_RUNTIME_API: apiAddress,
    },
    instanceId,
    dataFolderId: options.dataFolderId,
    view: enclosure,
  });
}

interface Assembled {
  readonly place: Place;
  readonly process: SupervisedProcess;
  readonly log: InstanceLog;
  readonly instance: CustomInstance;
}

function assemble(
  { options, spec, instanceId }: CustomStart,
  process: SupervisedProcess,
  { place, cleanUp }: { readonly place: Place; readonly cleanUp: () => Promise<void> },
): Assembled {
  const { account, functionName, versionId } = spec;
  const source = { instanceId, account, functionName, versionId };
  const { clock, logger, onLog } = options;
  const { stdout, stderr } = process;
  const log = new InstanceLog({ source, sink: onLog, monotonic: () => clock.monotonic(), stdout, stderr });
  const { credentials } = place;
  const call = (what: ServerCall): Promise<ServerCallEnd> => callProgram(place, clock, what);
  const onSurvivors = (): void => logger.error(source, 'processes of an instance could not be ended');
  const { enclosure } = place;
  enclosure.started({ pid: process.pid, end: () => process.end() }, (line) => log.line(line));
  const isOutOfMemory = (): boolean => enclosure.exceeded() === 'memory';
  const takesRequests = (): boolean => isServer(place);
  const parts = {
    ...{ spec, instanceId, callProgram: call, takesRequests, process, log, clock, credentials, cleanUp, onSurvivors },
    isOutOfMemory,
  };
  return { place, process, log, instance: new CustomInstance(parts) };
}

/** Gives the instance once its server answers and is initialized. */
async function bringUp(start: CustomStart, { place, process, log, instance }: Assembled): Promise<Started> {
  const { options, spec, signal } = start;
  const { clock } = options;
  log.begin(instance.instanceId);
  const readiness = await waitUntilReady({ ...place, process, clock, timeoutMs: START_TIMEOUT_MS, signal });
  if (readiness.kind === 'ready' && readiness.by === 'port') place.api.close();
  const { initializer } = spec.settings;
  let failed = readiness.kind !== 'ready';
  let outcome: Outcome | undefined;
  if (!failed && initializer !== null) {
    outcome = initializeOutcome(
      await instance.callHook(
        { method: 'POST', path: '/initialize', requestId: instance.instanceId },
        initializer,
        signal,
      ),
    );
    failed = outcome !== undefined;
  }
  const maxMemoryMb = failed ? process.peakMemoryMb() : 0;
  if (failed) {
    await instance.destroy();
    log.flush();
  }
  const logTail = log.end(instance.instanceId);
  if (!failed) return { kind: 'instance', instance };
  outcome ??= notReady(start, readiness, { place, logTail });
  return { kind: 'none', outcome, logTail, maxMemoryMb };
}

function notReady(
  { spec }: CustomStart,
  readiness: Readiness,
  { place, logTail }: { readonly place: Place; readonly logTail: string },
): Outcome {
  if (readiness.kind === 'aborted' || readiness.kind === 'ready') return { kind: 'interrupted' };
  if (readiness.kind === 'refused') return { kind: 'initialization-error', document: readiness.document };
  const command = startCommand(spec.settings, SERVICE_FOLDERS).join(' ');
  const hint = portHint(place.port, configuredPort(spec.settings));
  const logs = `Logs: ${logTail.slice(-LOG_SHOWN_CHARACTERS)}`;
  if (readiness.kind === 'exited') {
    const { exitCode, signal } = readiness.exit;
    const how = signal === null ? `code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
    const said = `Function instance exited unexpectedly (${how}) with start command '${command}'.${hint} ${logs}`;
    return initializationError(said, 'CAExited');
  }
  const waited = `within ${START_TIMEOUT_MS / 1000} seconds`;
  const missed = place.port === 0 ? 'ask the runtime API for an invocation' : `listen on port ${place.port}`;
  const said = `The program of start command '${command}' does not ${missed} ${waited}.${hint} ${logs}`;
  return initializationError(said, 'FunctionNotStarted');
}

function portHint(port: number, configured: number): string {
  if (port === 0 || port === configured) return '';
  return (
    ` Port ${configured} is in use on this machine, so the instance was given port ${port}: its code must listen on the` +
    ' port that FC_SERVER_PORT or FC_CUSTOM_LISTEN_PORT names.'
  );
}
